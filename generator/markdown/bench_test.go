package markdown

import (
	"strings"
	"testing"
)

// runbook is a page as people write them, about 4 KB.
var runbook = []byte("# RDS フェイルオーバー\n\n" + strings.Repeat(`## 手順

本番の[RDS](./rds.md)を**手動**でフェイルオーバーする。`+"`aws rds`"+` を使う。
所要時間は約5分、詳細は https://docs.example.com/rds/failover を参照。

> [!WARNING]
> 書き込みが一時停止する。

1. 状態を確認する (目安 5分)

   `+"```bash title=\"確認\"\n   aws rds describe-db-clusters --db-cluster-identifier <cluster> \\\n     --query 'DBClusters[0].Status' # 状態\n   ```"+`

2. 実行する
   - 担当: **DBA**
   - 連絡: #incident

| 項目 | 値 | 備考 |
|---|:-:|---|
| 停止時間 | 30秒 | *目安* |
| 影響 | 書き込み | `+"`orders-api`"+` |

`, 5))

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(runbook)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(runbook)
	}
}

func BenchmarkRender(b *testing.B) {
	body := Body{Text: runbook, Params: []string{"cluster"}, Abbrs: []Abbr{{"DBA", "データベース管理者"}}, Code: NewHighlighter(nil)}
	b.SetBytes(int64(len(runbook)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRenderHTML is a page with raw HTML, which passes the policy.
func BenchmarkRenderHTML(b *testing.B) {
	body := Body{Text: append([]byte("<details><summary>x</summary></details>\n\n"), runbook...), Code: NewHighlighter(nil)}
	b.SetBytes(int64(len(runbook)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHighlight(b *testing.B) {
	code := strings.Repeat("aws rds describe-db-clusters --query 'DBClusters[0].Status' | jq -r \".[]\" # 状態\n", 10)
	b.SetBytes(int64(len(code)))
	b.ReportAllocs()
	var h *Highlighter
	for b.Loop() {
		h.runs("bash", code)
	}
}
