package document

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// info reads the information table that stands before the first section or under a heading of its own: a table whose header, or whose
// first column, names what front matter names.
func (r *reader) info() {
	d := r.doc
	for _, t := range d.Tables {
		s := d.Sections[t.Section]
		if s.Level > 1 && !infoHeading.MatchString(norm.NFKC.String(s.Title)) {
			continue
		}
		if fields := infoFields(t); len(fields) > 0 {
			d.Info = meta.Value{Kind: meta.Map, Pos: t.Pos, Fields: fields}
			d.InfoAt = t.At
			return
		}
	}
}

// infoHeading is what people call the section of the information table.
var infoHeading = regexp.MustCompile(`(?i)^(?:ランブック|プレイブック|手順書|文書|ドキュメント|基本|(?:run|play) ?book|document)\s*(?:の)?(?:情報|info(?:rmation)?)$|^基本情報$|^メタデータ$|^metadata$`)

// infoFields returns the fields that a table names, or nothing when it is not an information table: at least two labels are known, and
// as many as are not.
func infoFields(t Table) []meta.Field {
	if across := infoAcross(t); len(across) > 0 {
		return across
	}
	return infoDown(t)
}

// infoAcross reads labels from the header and values from the first row.
func infoAcross(t Table) []meta.Field {
	if len(t.Rows) != 1 {
		return nil
	}
	var b infoBuilder
	for i, label := range t.Header {
		if i < len(t.Rows[0]) {
			b.add(label, t.Rows[0][i])
		}
	}
	return b.done()
}

// infoDown reads labels from the first column and values from the second. The header is a row like the others when it has a label.
func infoDown(t Table) []meta.Field {
	if len(t.Header) != 2 {
		return nil
	}
	var b infoBuilder
	if _, ok := infoKeys[infoLabel(t.Header[0].Text)]; ok {
		b.add(t.Header[0], t.Header[1])
	}
	for _, row := range t.Rows {
		if len(row) > 1 {
			b.add(row[0], row[1])
		}
	}
	return b.done()
}

// infoBuilder collects the fields of an information table.
type infoBuilder struct {
	fields []meta.Field
	seen   map[string]bool
	known  int
	other  int
}

// add adds a label and its value.
func (b *infoBuilder) add(label, cell meta.Str) {
	key, ok := infoKeys[infoLabel(label.Text)]
	switch {
	case !ok && strings.TrimSpace(label.Text) != "":
		b.other++
		return
	case !ok:
		return
	}
	b.known++
	if text := strings.TrimSpace(cell.Text); text == "" || text == "-" || text == "－" || text == "—" || b.seen[key] {
		return
	}
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	b.seen[key] = true
	b.fields = append(b.fields, meta.Field{Key: key, Raw: label.Text, Pos: label.Pos, Value: infoValue(key, cell)})
}

// done returns the fields when the table was an information table.
func (b *infoBuilder) done() []meta.Field {
	if b.known < 2 || b.known < b.other {
		return nil
	}
	return b.fields
}

// infoValue gives a cell the shape that its key has in front matter.
func infoValue(key string, cell meta.Str) meta.Value {
	switch key {
	case "tools", "permissions", "stakeholders", "services", "tags", "alerts", "related":
		return meta.Value{Kind: meta.List, Pos: cell.Pos, Items: splitCell(cell)}
	case "escalation":
		list := meta.Value{Kind: meta.List, Pos: cell.Pos}
		for _, to := range splitCell(cell) {
			list.Items = append(list.Items, mapOf("to", to))
		}
		return list
	case "communication":
		return meta.Value{Kind: meta.List, Pos: cell.Pos, Items: []meta.Value{mapOf("audience", textValue(cell.Text, cell.Pos))}}
	case "last_reviewed", "approved_on":
		if day, _ := meta.ParseDay(cell); !day.IsZero() {
			return textValue(day.String(), cell.Pos) // a table is prose: any form of date will do
		}
	}
	return textValue(strings.TrimSpace(cell.Text), cell.Pos)
}

// mapOf is a Map of one field.
func mapOf(key string, v meta.Value) meta.Value {
	return meta.Value{Kind: meta.Map, Pos: v.Pos, Fields: []meta.Field{{Key: key, Raw: key, Pos: v.Pos, Value: v}}}
}

// textValue is a Scalar.
func textValue(text string, pos diag.Pos) meta.Value {
	return meta.Value{Kind: meta.Scalar, Text: text, Pos: pos}
}

// separators are what people put between the entries of a cell.
var separators = regexp.MustCompile(`[、，；;/／]|,(?: |$)|\s*→\s*|\n`)

// splitCell splits a cell into its entries, each at its place.
func splitCell(cell meta.Str) []meta.Value {
	var out []meta.Value
	add := func(from, to int) {
		text := cell.Text[from:to]
		trimmed := strings.TrimSpace(text)
		if trimmed == "" {
			return
		}
		pos := cell.Pos
		pos.Col += len([]rune(cell.Text[:from+strings.Index(text, trimmed)]))
		out = append(out, textValue(trimmed, pos))
	}
	from := 0
	for _, m := range separators.FindAllStringIndex(cell.Text, -1) {
		add(from, m[0])
		from = m[1]
	}
	add(from, len(cell.Text))
	return out
}

// infoLabel makes labels comparable: width, case, spaces and the kind of page do not matter.
func infoLabel(label string) string {
	label = strings.ToLower(norm.NFKC.String(label))
	label = strings.TrimRight(strings.Join(strings.FieldsFunc(label, func(r rune) bool { return r == ' ' || r == '\t' || r == '_' || r == '-' }), ""), ":")
	for _, prefix := range []string{"runbook", "playbook", "ランブック", "プレイブック", "手順書", "文書", "ドキュメント"} {
		if rest, ok := strings.CutPrefix(label, prefix); ok && rest != "" {
			label = strings.TrimPrefix(rest, "の")
			break
		}
	}
	return label
}

// infoKeys are the labels of information tables, as infoLabel writes them, and the keys of front matter that they mean. The date of the
// last change stands for a review: whoever changed the table had the page before them.
var infoKeys = map[string]string{
	"id": "id", "番号": "id", "管理番号": "id",
	"説明": "description", "概要": "description", "目的": "description", "description": "description", "summary": "description", "purpose": "description",
	"ツール": "tools", "使用ツール": "tools", "使用するツール": "tools", "必要なツール": "tools", "tools": "tools", "toolsused": "tools", "requiredtools": "tools",
	"特別なアクセス許可": "permissions", "特別な権限": "permissions", "アクセス許可": "permissions", "必要な権限": "permissions", "権限": "permissions",
	"specialpermissions": "permissions", "permissions": "permissions", "requiredpermissions": "permissions",
	"作成者": "author", "作者": "author", "author": "author", "createdby": "author",
	"担当": "owner", "担当チーム": "owner", "担当部署": "owner", "所有者": "owner", "オーナー": "owner", "管理者": "owner", "owner": "owner", "ownedby": "owner", "team": "owner",
	"更新日": "last_reviewed", "最終更新日": "last_reviewed", "最終更新": "last_reviewed", "レビュー日": "last_reviewed", "最終レビュー日": "last_reviewed",
	"lastupdated": "last_reviewed", "updated": "last_reviewed", "lastreviewed": "last_reviewed", "lastreview": "last_reviewed",
	"レビュー者": "reviewed_by", "レビューア": "reviewed_by", "確認者": "reviewed_by", "reviewer": "reviewed_by", "reviewedby": "reviewed_by",
	"承認者": "approved_by", "approver": "approved_by", "approvedby": "approved_by", "承認日": "approved_on", "approvedon": "approved_on",
	"エスカレーションpoc": "escalation", "エスカレーション先": "escalation", "エスカレーション": "escalation", "エスカレーション窓口": "escalation",
	"escalationpoc": "escalation", "escalation": "escalation", "escalateto": "escalation", "escalationcontact": "escalation",
	"関係者": "stakeholders", "ステークホルダー": "stakeholders", "stakeholders": "stakeholders",
	"コミュニケーションプラン": "communication", "コミュニケーション計画": "communication", "連絡計画": "communication", "communicationplan": "communication",
	"重大度": "severity", "severity": "severity", "所要時間": "duration", "所要時間(目安)": "duration", "作業時間": "duration", "duration": "duration",
	"対象システム": "services", "対象サービス": "services", "システム": "services", "サービス": "services", "services": "services", "service": "services", "system": "services",
	"期待される結果": "outcome", "期待する結果": "outcome", "outcome": "outcome", "expectedoutcome": "outcome", "状態": "status", "ステータス": "status", "status": "status",
	"タグ": "tags", "tags": "tags", "アラート": "alerts", "alerts": "alerts", "alert": "alerts", "関連": "related", "related": "related",
}
