package page

import (
	"testing"

	"opsbook/internal/meta"
)

func TestWhatDestroysIsFoundWhereACommandBegins(t *testing.T) {
	pl := &planner{destructive: destructive([]meta.Str{{Text: `revoke`}})}
	for command, want := range map[string]bool{
		"rm -rf /tmp/x":                    true,
		"ls; sudo rm \\\n -v -f x":         false, // the two lines are joined before
		"cd x && RM=1 rm -v -f x":          true,
		"confirm -f x":                     false,
		"alarm -rf":                        false,
		"mkfs.ext4 /dev/sdb":               true,
		"dd if=a of=b":                     true,
		"add if=a of=b":                    false,
		"systemctl reboot":                 true,
		"uptime_reboot":                    false,
		"kill 12; kill -9 12":              true,
		"killall -KILL x":                  true,
		"aws ec2 describe-instances":       false,
		"AWS aws ec2 terminate-instances":  true,
		"aws s3 ls; aws s3 rm s3://b":      true,
		"aws s3 sync a b --delete":         true,
		"kubectl get x\nkubectl drain n":   true,
		"kubectl get x\nhelm delete":       true,
		"mykubectl drain n":                false,
		"terraform plan":                   false,
		"tofu apply":                       true,
		"git push origin x --force":        true,
		"digit push -f":                    false,
		"docker system prune":              true,
		"SELECT 1; Drop  Table x":          true,
		"DELETE FROM x":                    true,
		"redis-cli FLUSHALL":               true,
		"障害 rm -r x":                       true,
		"please do revoke it":              true,
		"İ İ İ reboot of what İ is longer": true,
	} {
		if got := pl.isDestructive(command); got != want {
			t.Errorf("%q destroys: %v, want %v", command, got, want)
		}
	}
}
