package secret

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	upper  = "ABCDEFGHJKLMNPQRSTUVWXYZ234567"
	letter = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alnum  = letter + "0123456789"
	hex    = "0123456789abcdef"
	base64 = alnum + "+/"
)

// plant is one made-up credential and the line it is pasted in, %s being the credential.
type plant struct{ kind, line, value string }

// plants makes credentials anew, by a fixed seed: none stands in the repository, where other people's scanners would find it.
func plants() []plant {
	rng := rand.New(rand.NewPCG(7, 11))
	r := func(set string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = set[rng.IntN(len(set))]
		}
		return string(b)
	}
	pem := func(label string) string {
		return "-----BEGIN " + label + "-----\n" + r(base64, 64) + "\n" + r(base64, 64)
	}
	return []plant{
		{"an AWS access key id", "aws_access_key_id = %s", "AKIA" + r(upper, 16)},
		{"an AWS access key id", "鍵は%sです", "ASIA" + r(upper, 16)},
		{"an AWS secret access key", "aws_secret_access_key = %s", r(base64, 40)},
		{"an AWS secret access key", `"SecretAccessKey": "%s",`, r(base64, 40)},
		{"a private key", "%s", pem("RSA PRIVATE KEY")},
		{"a private key", "%s", pem("OPENSSH PRIVATE KEY")},
		{"a private key", "%s", pem("PRIVATE KEY")},
		{"a private key", `"private_key": "%s",`, `-----BEGIN PRIVATE KEY-----\n` + r(base64, 64)},
		{"an age private key", "%s", "AGE-SECRET-KEY-1" + r(upper, 58)},
		{"a GitHub token", "export GITHUB_TOKEN=%s", "ghp_" + r(alnum, 36)},
		{"a GitHub token", "token: %s", "github_pat_" + r(alnum, 22) + "_" + r(alnum, 59)},
		{"a GitLab token", "PRIVATE-TOKEN: %s", "glpat-" + r(alnum, 20)},
		{"a Slack token", "SLACK=%s", "xoxb-" + r("123456789", 12) + "-" + r("123456789", 12) + "-" + r(alnum, 24)},
		{"a Slack token", "%s", "xapp-1-" + r(upper, 11) + "-" + r("123456789", 13) + "-" + r(hex, 64)},
		{"a Slack webhook", "curl https://%s", "hooks.slack.com/services/T" + r(upper, 8) + "/B" + r(upper, 8) + "/" + r(alnum, 24)},
		{"a Discord webhook", "https://%s", "discord.com/api/webhooks/" + r("123456789", 18) + "/" + r(alnum, 68)},
		{"a Stripe key", "stripe: %s", "sk_live_" + r(alnum, 24)},
		{"a Google API key", "key=%s&x=1", "AIza" + r(alnum, 35)},
		{"a Google OAuth client secret", "%s", "GOCSPX-" + r(alnum, 28)},
		{"an Azure storage key", "DefaultEndpointsProtocol=https;AccountKey=%s;", r(base64, 86) + "=="},
		{"a SendGrid key", "%s", "SG." + r(alnum, 22) + "." + r(alnum, 43)},
		{"an npm token", "//registry/:_authToken=%s", "npm_" + r(alnum, 36)},
		{"a PyPI token", "password = %s", "pypi-AgEIcHlwaS5vcmc" + r(alnum, 60)},
		{"an OpenAI key", "%s", "sk-proj-" + r(alnum, 24) + "T3BlbkFJ" + r(alnum, 24)},
		{"an Anthropic key", "%s", "sk-ant-api03-" + r(alnum, 95)},
		{"a Hugging Face token", "HF_TOKEN=%s", "hf_" + r(letter, 34)},
		{"a HashiCorp Vault token", "vault login %s", "hvs." + r(alnum, 28)},
		{"a Terraform Cloud token", "token = %s", r(alnum, 14) + ".atlasv1." + r(alnum, 67)},
		{"a DigitalOcean token", "%s", "dop_v1_" + r(hex, 64)},
		{"a Databricks token", "%s", "dapi" + r(hex, 32)},
		{"a Grafana token", "%s", "glsa_" + r(alnum, 32) + "_" + r(hex, 8)},
		{"a New Relic key", "%s", "NRAK-" + r(upper, 27)},
		{"a Shopify token", "%s", "shpat_" + r(hex, 32)},
		{"an Atlassian token", "%s", "ATATT3" + r(alnum, 120)},
		{"a Docker access token", "docker login -p %s", "dckr_pat_" + r(alnum, 27)},
		{"a JSON Web Token", "Authorization: Bearer %s", "eyJ" + r(alnum, 20) + ".eyJ" + r(alnum, 40) + "." + r(alnum, 43)},
		{"a password in a URL", "psql postgres://app:%s@orders-db.internal:5432/orders", r(alnum, 12)},
	}
}

func TestFindsWhatWasPlanted(t *testing.T) {
	kinds := map[string]bool{}
	for i, p := range plants() {
		before := fmt.Sprintf("# 手順 %d\n\n文章と `code` と https://example.com/a@b を含む。\n\n", i)
		text := before + strings.Replace(p.line, "%s", p.value, 1) + "\n\n後の文。\n"
		at := strings.Index(text, p.value)
		found := Find([]byte(text))
		if len(found) != 1 || found[0].Kind.String() != p.kind || found[0].From != at {
			t.Errorf("%s in %q: found %v, want it at %d", p.kind, p.line, found, at)
		}
		kinds[p.kind] = true
	}
	t.Logf("%d credentials of %d kinds", len(plants()), len(kinds))
	if len(plants()) < 30 || len(kinds) < 10 {
		t.Error("plant more")
	}
}

func TestFindsTwoOnALine(t *testing.T) {
	all := plants()
	text := all[0].value + " " + all[1].value + " " + all[9].value
	if found := Find([]byte(text)); len(found) != 3 {
		t.Errorf("found %v in %q", found, text)
	}
}

func TestLeavesExamplesAlone(t *testing.T) {
	for _, text := range []string{
		"AKIAIOSFODNN7EXAMPLE",
		"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"ghp_000000000000000000000000000000000000",
		"-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
		"-----BEGIN CERTIFICATE-----\n" + strings.Repeat("MIIDdzCCAl+gAwIBAgIE", 4),
		"postgres://app:password@localhost/orders",
		"postgres://app:${PASSWORD}@localhost/orders",
		"postgres://app:<password>@localhost/orders",
		"https://example.com:8443/@opsbook",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"the secret access key is in Secrets Manager",
		"task-T3 and hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
		"MYAKIA" + strings.Repeat("ABCDEFGH", 2),
	} {
		if found := Find([]byte(text)); len(found) != 0 {
			t.Errorf("found %v in %q", found, text)
		}
	}
}

// Nothing is found in what people really publish.
func TestFindsNothingInRealRunbooks(t *testing.T) {
	files := 0
	for _, dir := range []string{"../../content", "../../../shared/corpora"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			files++
			for _, f := range Find(text) {
				t.Errorf("%s: %s: %q", path, f.Kind, text[f.From:f.To])
			}
			return err
		})
		if os.IsNotExist(err) {
			t.Logf("%s is not here", dir)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files", files)
}

func BenchmarkFind(b *testing.B) {
	text, err := os.ReadFile("../../content/runbooks/rds-failover.md")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text)
	}
}
