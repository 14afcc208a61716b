package quality

import (
	"math/rand/v2"
	"regexp"
	"strings"

	"opsbook/search"
)

// Everyday are questions as people type them, for tests that compare two
// readers of the same documents rather than judge the answers.
var Everyday = []string{
	"KubePodCrashLooping", "kube pod crash", "KubePodCrashLoping", "crashloop", "etcd members down",
	"etcdMembersDown", "node not ready", "how to restart a node", "certificate expired", "certificates",
	"databse", "persistent volume full", "PersistentVolume", "disk pressure", "kubelet", "kube-apiserver",
	"oc adm top", "kubectl get pods -n kube-system", "failed to pull image", "OOMKilled", "ImagePullBackOff",
	"再起動", "再起動した", "サーバ", "サーバー", "ｻｰﾊﾞｰ", "ーバー", "つながらない", "止める", "鍵", "証明書の更新",
	"ノードを追加する", "Podの再起動の理由", "ボリュームを構成する", "コンテナが終了", "権限", "遅延", "障害",
	"クラスターのアップグレード", "ネットワークポリシー", "Secretを作成", "デプロイメントのロールバック", "スケジューラー",
	"ＡＷＳ", "k8s", "v1.18", "10.96.0.1", "zzzz kubernetes", "kubernetes", "の", "pod", "a", "ku", "ノ",
	"type:playbook node", "lang:ja 証明書", "type:nonsense node",
	"https://kb.example.com/runbooks/KubePodCrashLooping/",
	"Error: container has runAsNonRoot and image will run as root (pod: \"web-7f9c6d5b8-x2x4v_default(1b2c3d4e)\", container: web)",
	"[FIRING:1] KubePersistentVolumeFillingUp (monitoring/k8s critical) The PersistentVolume claimed by data-0 in Namespace logging is only 2.11% free.",
}

// Asked draws n questions as people type them: titles, headings and a few words
// of a text. The same records draw the same questions.
func Asked(records []search.Record, n int) []string {
	source := rand.New(rand.NewPCG(9, 9))
	words := regexp.MustCompile(`\p{Han}{2,6}|[ァ-ヶー]{3,10}|[A-Za-z]{4,}`)
	var queries []string
	for len(queries) < n {
		r := records[source.IntN(len(records))]
		s := r.Sections[source.IntN(len(r.Sections))]
		switch found := words.FindAllString(s.Text, -1); {
		case len(queries)%4 == 0 && s.Heading != "":
			queries = append(queries, s.Heading)
		case len(queries)%4 == 1:
			queries = append(queries, r.Title)
		case len(found) > 3:
			at := source.IntN(len(found) - 2)
			queries = append(queries, strings.Join(found[at:at+1+source.IntN(2)], " "))
		}
	}
	return queries
}
