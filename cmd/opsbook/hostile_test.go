package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	xhtml "golang.org/x/net/html"

	"opsbook/generator"
	"opsbook/generator/markdown"
)

// planter puts attacks into a site. Each says XSS where it would run something; what runs there tells the number of the attack.
type planter struct {
	mu     sync.Mutex // of two tabs that put attacks at once
	n      int
	places map[string]int // how many attacks each place got
	text   map[int]string // the numbers whose place is text, which the site must show as it is; with their place
}

// put numbers the attacks in a text.
func (p *planter) put(place, text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for strings.Contains(text, "XSS") {
		p.n++
		p.places[place]++
		text = strings.Replace(text, "XSS", fmt.Sprintf("__xss(%d)", p.n), 1)
	}
	return text
}

// show is put for a place whose text readers see. It returns the next of attacks on text.
func (p *planter) show(place string) string {
	text := p.put(place, textAttacks[p.n%len(textAttacks)])
	p.text[p.n] = place
	return text
}

// yaml is show as a YAML scalar.
func (p *planter) yaml(place string) string { return scalar(p.show(place)) }

// address is an attack on a place that holds an address, as a YAML scalar.
func (p *planter) address(place string, i int) string {
	return scalar(p.put(place, addressAttacks[i%len(addressAttacks)]))
}

func scalar(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// textAttacks would break out of where a template or a script puts text.
var textAttacks = []string{
	`<script>XSS</script>`, `"><img src=x onerror=XSS>`, `'><svg onload=XSS>`, `</title><script>XSS</script>`, `</script><script>XSS</script>`,
	`--><script>XSS</script>`, `" autofocus tabindex=1 onfocus=XSS x="`, `' onmouseover='XSS' x='`, "` onerror=XSS `", `javascript:XSS`,
	`<details open ontoggle=XSS>x`, `</textarea><img src=x onerror=XSS>`, `<iframe srcdoc="<script>parent.XSS</script>">`, `]]><script>XSS</script>`,
	`&lt;img src=x onerror=XSS&gt;`, `&#60;img src=x onerror=XSS&#62;`, `</style><script>XSS</script>`, `{{constructor.constructor('XSS')()}}`,
	`<math><mtext><table><mglyph><style><img src=x onerror=XSS>`, `</pre></code><body onload=XSS>`, `<a href=javascript:XSS>x</a>`, `\"><script>XSS</script>`,
	`<noscript><p title="</noscript><img src=x onerror=XSS>">`, `%3Cscript%3EXSS%3C/script%3E`, `\u003cimg src=x onerror=XSS\u003e`, `＜script＞XSS＜/script＞`,
}

// addressAttacks would run something, or lead elsewhere unseen, when followed.
var addressAttacks = []string{
	`javascript:XSS`, `JaVaScRiPt:XSS`, "java\tscript:XSS", ` javascript:XSS`, "\x01javascript:XSS", `vbscript:XSS`, `data:text/html,<script>XSS</script>`,
	`blob:https://evil.example/XSS`, `ms-msdt:/id?XSS`, `//evil.example/XSS`, `\\evil.example\XSS`, `view-source:javascript:XSS`, `https://"><img src=x onerror=XSS>`,
	`file:///etc/passwd?XSS`, `javascript://ok.example/%0aXSS`, `search-ms:query=XSS`,
}

// markdownAttacks are what a page's text may hold. Each ends what it begins.
var markdownAttacks = strings.Split(strings.TrimSpace(`
<script>XSS</script>
<SCRIPT/x>XSS</SCRIPT>
<img src=x onerror=XSS>
<img src="x" onerror="XSS">
text <img src=x onerror=XSS> text
<img/src=x/onerror=XSS>
<img src=x:x onerror&#61;XSS>
<img """><script>XSS</script>">
<svg onload=XSS></svg>
<svg><script>XSS</script></svg>
<svg><animate onbegin=XSS attributeName=x dur=1s></svg>
<svg><a xlink:href="javascript:XSS"><text x="20" y="20">x</text></a></svg>
<svg><foreignObject><body onload=XSS></body></foreignObject></svg>
<math><mtext><table><mglyph><style><img src=x onerror=XSS></style></mglyph></table></mtext></math>
<math href="javascript:XSS">x</math>
<iframe src="javascript:parent.XSS"></iframe>
<iframe srcdoc="<script>parent.XSS</script>"></iframe>
<object data="javascript:XSS"></object>
<object data="data:text/html,<script>parent.XSS</script>"></object>
<embed src="javascript:XSS">
<a href="javascript:XSS">x</a>
<a href="JaVaScRiPt:XSS">x</a>
<a href="java&#10;script:XSS">x</a>
<a href="java&Tab;script:XSS">x</a>
<a href=" &#14; javascript:XSS">x</a>
<a href="&#106;avascript:XSS">x</a>
<a href="data:text/html,<script>XSS</script>">x</a>
<a href="//evil.example/XSS">x</a>
<a href="ms-msdt:/id?XSS">x</a>
<a href=x onclick=XSS>x</a>
<a href=x style="animation-name:x" onanimationstart=XSS>x</a>
<b onmouseover=XSS>x</b>
<div onpointerenter=XSS tabindex=0 onfocus=XSS autofocus>x</div>
<details open ontoggle=XSS><summary>x</summary>y</details>
<input autofocus onfocus=XSS>
<input type=image src=x onerror=XSS>
<select autofocus onfocus=XSS><option>x</option></select>
<textarea autofocus onfocus=XSS></textarea>
<video src=x onerror=XSS></video>
<video><source onerror=XSS></video>
<audio src=x onerror=XSS></audio>
<marquee onstart=XSS>x</marquee>
<form action="javascript:XSS"><button>x</button></form>
<form id=f></form><button form=f formaction="javascript:XSS">x</button>
<button onclick=XSS>x</button>
<body onload=XSS>
<meta http-equiv="refresh" content="0;url=javascript:XSS">
<meta http-equiv="refresh" content="0;url=https://evil.example/XSS">
<base href="https://evil.example/XSS/">
<link rel=stylesheet href="https://evil.example/XSS.css">
<style>@import "https://evil.example/XSS.css";</style>
<p style="background:url(https://evil.example/XSS)">x</p>
<table background="https://evil.example/XSS"><tr><td>x</td></tr></table>
<template><img src=x onerror=XSS></template>
<noscript><p title="</noscript><img src=x onerror=XSS>"></noscript>
<xmp><img src=x onerror=XSS></xmp>
<p title='</p><script>XSS</script>'>x</p>
<details><summary>x</summary><script>XSS</script></details>
<isindex type=image src=x onerror=XSS>
<portal src="javascript:XSS"></portal>
<img src=x srcset="javascript:XSS 2x" onload=XSS>
<picture><source srcset="x" onerror=XSS><img src=x onerror=XSS></picture>
<A/=""><B onclick=XSS
<a name="x" id="constructor" onclick=XSS>x</a>
<!--><img src=x onerror=XSS>-->
<!-- --!><img src=x onerror=XSS> -->
<![CDATA[<img src=x onerror=XSS>]]>
<?php echo '<img src=x onerror=XSS>' ?>
<cluster onclick=XSS>x</cluster>
[x](javascript:XSS)
[x](JAVASCRIPT:XSS)
[x](java&#10;script:XSS)
[x](&#x6A;avascript:XSS)
[x](<javascript:XSS>)
[x](\u0001javascript:XSS)
[x](vbscript:XSS)
[x](data:text/html;base64,PHNjcmlwdD54PC9zY3JpcHQ+XSS)
[x](blob:https://evil.example/XSS)
[x](ms-msdt:/id?XSS)
[x](//evil.example/XSS)
[x](\\\\evil.example/XSS)
[x](/\\evil.example/XSS)
[x](https://a.example/"onmouseover=XSS)
[x](#"onmouseover=XSS)
[x](a.md "x\" onmouseover=\"XSS")
[x](https://a.example 't"><img src=x onerror=XSS>')
[<img src=x onerror=XSS>](https://a.example)
![x](javascript:XSS)
![x](data:image/svg+xml,<svg/onload=XSS>)
![x"onerror="XSS](x.png)
![x](x.png "t\" onerror=\"XSS")
![<script>XSS</script>](x.png)
![x](https://evil.example/x.png"onerror=XSS)
[r]: javascript:XSS
[XSS]: javascript:XSS "x"
<javascript:XSS>
<data:text/html,XSS>
https://a.example/"><img/src=x/onerror=XSS>
www.a.example/"onmouseover=XSS
`+"`"+`<img src=x onerror=XSS>`+"`"+`
**<img src=x onerror=XSS>**
## <img src=x onerror=XSS> {#x"onmouseover=XSS}
## x {#"><script>XSS</script>}
## x {onclick=XSS .y}
| <img src=x onerror=XSS> | [x](javascript:XSS) |
|---|---|
| <svg onload=XSS> | `+"`"+`</code><script>XSS</script>`+"`"+` |
- [ ] <img src=x onerror=XSS>
1. <img src=x onerror=XSS> (目安 1分)
> [!WARNING] <img src=x onerror=XSS>
> x
:::note <img src=x onerror=XSS>
x
:::
!!! danger "<img src=x onerror=XSS>"
    <svg onload=XSS>
*[HTML]: <img src=x onerror=XSS> " onmouseover=XSS
HTML
term
: <img src=x onerror=XSS>
note[^1]
[^1]: <img src=x onerror=XSS> [x](javascript:XSS)
{{< note title="<img src=x onerror=XSS>" >}}x{{< /note >}}
{{< tabs >}}{{% tab name="<img src=x onerror=XSS>" %}}y{{% /tab %}}{{< /tabs >}}
{{< <img src=x onerror=XSS> >}}
{{< ref "javascript:XSS" >}}
`), "\n")

// fenceAttacks are blocks of code: their languages, titles, attributes and texts.
var fenceAttacks = []string{
	"```html\n<script>XSS</script>\n```", "```\"><img/src=x/onerror=XSS>\nx\n```", "```sh title=\"<img src=x onerror=XSS>\"\necho {{p}} '</code></pre><script>XSS</script>'\n```",
	"```console\n$ <img src=x onerror=XSS>\n<svg onload=XSS>\n```", "```message audience=\"<img src=x onerror=XSS>\" approved_by=\"'><svg onload=XSS>\"\n<img src=x onerror=XSS>\n```",
	"```diff {1-2,\"onclick=XSS}\n+ <img src=x onerror=XSS>\n```", "    <img src=x onerror=XSS>\n",
	"```mermaid\nflowchart TD\nA[\"<img src=x onerror=XSS>\"] -->|\"</text><script>XSS</script>\"| B{{\"<svg onload=XSS>\"}}\n```",
	"```mermaid\nflowchart LR\nA[\"x\"] --> B\nclick A \"javascript:XSS\" \"<img src=x onerror=XSS>\"\nstyle A fill:url(javascript:XSS)\nclassDef x fill:\"onload=XSS\n```",
	"```mermaid title=\"</svg><img src=x onerror=XSS>\"\nsequenceDiagram\nparticipant A as <img src=x onerror=XSS>\nA->>B: </text></svg><script>XSS</script>\nNote over A,B: <iframe srcdoc='XSS'>\n```",
	"```mermaid\n---\ntitle: <img src=x onerror=XSS>\n---\nflowchart TD\nA-->B\nlink A: x @ javascript:XSS\n```", "```mermaid\npie\n\"<img src=x onerror=XSS>\": 1\n```",
}

// openAttacks never end what they begin, so each has a page of its own.
var openAttacks = []string{
	"<script>\nXSS", "<style>\n</style><img src=x onerror=XSS>", "<textarea>\n\n</textarea><script>XSS</script>", "<!--\n\n--><script>XSS</script>", "<plaintext>\n\n<img src=x onerror=XSS>",
	"<title>\n\n</title><script>XSS</script>", "<div><p><table><tr><td onclick=XSS>\n\n</article></main><script>XSS</script>", "<svg><style>\n\n<img src=x onerror=XSS>", "<iframe>\n\n</iframe><script>XSS</script>",
}

// hostileSite is a site whose every place holds an attack.
func hostileSite() (map[string]string, *planter) {
	p := &planter{places: map[string]int{}, text: map[int]string{}}
	files := map[string]string{}
	p.settings(files)
	p.directory(files)
	p.pages(files)
	p.articles(files)
	p.assets(files)
	return files, p
}

func (p *planter) settings(files map[string]string) {
	t := func(what string) string { return p.yaml("opsbook.yaml " + what) }
	files["opsbook.yaml"] = "id: hostile\ntitle: {ja: " + t("title") + ", en: " + t("title") + "}\nlanguages: [ja, en]\nlogo: images/logo.svg\n" +
		"severities: [" + t("severities") + ", SEV2]\nlabels: {runbook: {ja: " + t("labels") + ", en: " + t("labels") + "}}\n" +
		"requests: {problem: " + p.address("opsbook.yaml requests", 0) + ", change: " + p.address("opsbook.yaml requests", 6) + ", missing_page: " + p.address("opsbook.yaml requests", 9) + "}\n" +
		"repository: " + p.address("opsbook.yaml repository", 0) + "\nsynonyms: [[x, " + scalar(p.put("opsbook.yaml synonyms", textAttacks[0])) + "]]\n" +
		"alerts:\n  sources: [{list: [_alerts/list.yaml]}, {prometheus: [_alerts/rules.yaml]}]\n  exempt: [{alert: Ex, reason: " + t("exempt") + ", owner: sre}]\n"
	alerts := "- {name: Ex, source: x}\n"
	for i := range 6 {
		alerts += "- {name: " + p.yaml("alert name") + ", source: " + p.yaml("alert source") + ", severity: " + scalar(p.put("alert severity", textAttacks[1])) + ", owner: " + scalar(p.put("alert owner", textAttacks[2])) + ", runbook_url: " + p.address("alert runbook_url", i) + "}\n"
	}
	files["_alerts/list.yaml"] = alerts
	files["_alerts/rules.yaml"] = "groups:\n- name: x\n  rules:\n  - alert: " + p.yaml("alert name") + "\n    expr: up\n    labels: {severity: " + scalar(p.put("alert label", textAttacks[3])) + ", team: " + scalar(p.put("alert label", textAttacks[4])) + "}\n" +
		"    annotations: {summary: " + scalar(p.put("alert annotation", textAttacks[5])) + ", runbook_url: " + p.address("alert runbook_url", 0) + "}\n"
}

func (p *planter) directory(files map[string]string) {
	t := func(what string) string { return p.yaml("directory.yaml " + what) }
	var b strings.Builder
	fmt.Fprintf(&b, "teams:\n- {id: sre, name: {ja: %s, en: %s}, kana: %s, handles: [%s], hours: %s, members: [aa], contacts: {slack: \"#a\"}, last_verified: 2026-10-01}\n",
		t("team name"), t("team name"), scalar(p.put("directory.yaml kana", textAttacks[0])), scalar(p.put("directory.yaml handle", textAttacks[2])), t("team hours"))
	fmt.Fprintf(&b, "- {id: %s, name: x}\n", scalar(p.put("directory.yaml team id", textAttacks[1])))
	for i := range addressAttacks {
		fmt.Fprintf(&b, "- {id: t%d, name: T%d, contacts: [{url: %s}, {slack: %s}, {teams: %s}, {pagerduty: %s}, {email: %s}, {phone: %s}]}\n", i, i,
			p.address("contact url", i), p.address("contact slack", i), p.address("contact teams", i), p.address("contact pagerduty", i), p.address("contact email", i), p.address("contact phone", i))
	}
	fmt.Fprintf(&b, "people:\n- {id: aa, name: %s, kana: %s, contacts: {email: a@example.com}}\n", t("person name"), scalar(p.put("directory.yaml kana", textAttacks[2])))
	fmt.Fprintf(&b, "vendors:\n- {id: vv, name: %s, support_plan: %s, open_case: %s, contacts: {url: %s}}\n", t("vendor name"), t("vendor plan"), t("vendor case"), p.address("contact url", 0))
	for i := range addressAttacks {
		fmt.Fprintf(&b, "- {id: v%d, name: V%d, open_case: %s, contacts: [{url: %s}]}\n", i, i, p.address("vendor case", i), p.address("contact url", i))
	}
	fmt.Fprintf(&b, "services:\n- {id: web, name: {ja: %s, en: %s}, owner: sre, tier: %s, vendors: [vv], depends_on: [s0]}\n", t("service name"), t("service name"), t("service tier"))
	for i := range addressAttacks {
		fmt.Fprintf(&b, "- {id: s%d, name: S%d, owner: sre, repository: %s, dashboards: [%s]}\n", i, i, p.address("service repository", i), p.address("service dashboard", i))
	}
	fmt.Fprintf(&b, "escalations:\n  web: {name: %s, steps: [{to: sre, after: 0m, when: %s}, {to: aa, after: 15m, when: %s}]}\n", scalar(p.put("escalation name", textAttacks[3])), t("escalation when"), t("escalation when"))
	fmt.Fprintf(&b, "agreements:\n- {from: sre, to: t0, channel: %s, response: 15m, hours: %s}\n", t("agreement"), t("agreement"))
	files["directory.yaml"] = b.String()
}

// pages are documents of every type, with an attack in every key of their front matter.
func (p *planter) pages(files map[string]string) {
	t := func(what string) string { return p.yaml("front matter " + what) }
	u := func(what string, i int) string { return p.address("front matter "+what, i) }
	hidden := func(what string) string {
		return scalar(p.put("front matter "+what, textAttacks[p.n%len(textAttacks)]))
	}
	front := "---\ntitle: " + t("title") + "\ndescription: " + t("description") + "\nid: " + hidden("id") + "\nowner: sre\ntags: [" + t("tags") + "]\nservices: [web]\nseverity: SEV2\n" +
		"alerts: [" + t("alerts") + "]\ncontrols: [" + t("controls") + "]\naliases: [" + hidden("aliases") + "]\nrelated: [" + hidden("related") + "]\nlast_reviewed: 2026-10-01\nreviewed_by: " + t("reviewed_by") + "\n"
	files["runbooks/run.md"] = front + "type: runbook\nescalation: web\noutcome: " + t("outcome") + "\nsuccess: [" + t("success") + "]\ntools: [" + t("tools") + "]\npermissions: [" + t("permissions") + "]\n" +
		"params:\n- {name: p, description: " + t("param description") + ", pattern: " + hidden("param pattern") + ", example: " + hidden("param example") + ", default: " + t("param default") + "}\n- {name: " + hidden("param name") + "}\n" +
		"presets: [{name: " + t("preset") + ", values: {p: " + hidden("preset value") + "}}]\nrollback: {when: " + t("rollback when") + ", decide_by: " + t("rollback decide_by") + ", by: " + t("rollback by") + "}\n" +
		"decisions: [{what: " + t("decision") + ", by: " + t("decision by") + ", criterion: " + t("decision criterion") + "}]\ntrigger: " + t("trigger") + "\nschedule: " + hidden("schedule") + "\n" +
		"automation: {state: manual, plan: deliberate, reason: " + t("automation reason") + ", url: " + u("automation url", 0) + "}\n---\n\n## 手順\n\n1. " + p.put("step", "<img src=x onerror=XSS>") +
		" する `x {{p}}`\n2. 次\n\n## 確認\n\nx\n\n## 切り戻し\n\nx\n"
	for i := range addressAttacks {
		files[fmt.Sprintf("runbooks/automated-%d.md", i)] = "---\ntitle: A\nowner: sre\nautomation: {state: automated, url: " + u("automation url", i) + "}\n---\n\nx\n"
	}
	files["playbooks/play.md"] = "---\ntitle: " + t("title") + "\nowner: " + t("owner") + "\ntype: playbook\nsymptoms: [" + t("symptoms") + "]\nstakeholders: [" + t("stakeholders") + "]\n" +
		"communication: [{who: " + t("communication who") + ", where: " + t("communication where") + ", by: " + hidden("communication by") + "}]\nescalation: [{to: sre, when: " + t("escalation when") + "}]\n" +
		"causes: [{cause: " + t("cause") + ", runbook: " + hidden("cause runbook") + "}]\n---\n\n## 診断\n\nx\n"
	actions := ""
	for i := range addressAttacks {
		actions += "- {id: A" + fmt.Sprint(i) + ", what: " + t("action") + ", kind: 恒久, owner: sre, due: 2026-10-01, status: open, link: " + u("action link", i) + "}\n"
	}
	files["lessons/lesson.md"] = "---\ntitle: " + t("title") + "\nowner: sre\ntype: lesson\nincident: {started: 2026-10-01T10:00:00+09:00, resolved: 2026-10-01T11:00:00+09:00, detected_by: " + t("incident detected_by") + ", severity: SEV2, services: [web], impact: " + t("incident impact") + "}\n" +
		"causes: [" + hidden("lesson cause") + "]\nactions:\n" + actions + "---\n\n## 概要\n\nx\n"
	files["records/record.md"] = "---\ntitle: " + t("title") + "\nowner: sre\ntype: record\nof: runbooks/run.md\nkind: live\nstarted: 2026-10-01T10:00:00+09:00\nfinished: 2026-10-01T10:30:00+09:00\noperator: " + t("record operator") +
		"\nconfirmer: " + t("record confirmer") + "\napprover: " + t("record approver") + "\nresult: " + t("record result") + "\nticket: " + t("record ticket") + "\n---\n\nx\n"
	cell := func(what string) string { return strings.ReplaceAll(p.show("RACI "+what), "|", `\|`) }
	files["raci/matrix.md"] = "---\ntitle: " + t("title") + "\nowner: sre\ntype: raci\nroles: [sre, " + t("RACI role") + "]\n---\n\n| 活動 | sre | " + p.put("RACI header", "<img src=x onerror=XSS>") + " | 備考 |\n|---|---|---|---|\n| " +
		p.put("RACI cell", "<script>XSS</script>") + " | " + p.put("RACI cell", "<img src=x onerror=XSS>") + " | A/R | " + p.put("RACI cell", "[x](javascript:XSS) <svg onload=XSS>") + " |\n"
	files["raci/front.md"] = "---\ntitle: F\nowner: sre\ntype: raci\nroles: [sre, aa]\nactivities:\n- {activity: " + scalar(cell("activity")) + ", accountable: sre, responsible: [" + scalar(cell("responsible")) + "], runbook: " + u("RACI runbook", 0) + ", note: " + scalar(cell("note")) + "}\n---\n\nx\n"
}

func (p *planter) articles(files map[string]string) {
	const perPage = 30
	for i := 0; i < len(markdownAttacks); i += perPage {
		var b strings.Builder
		for j, attack := range markdownAttacks[i:min(i+perPage, len(markdownAttacks))] {
			if !strings.HasPrefix(attack, "|") && !strings.HasPrefix(attack, "    ") && attack != "x" && attack != ":::" && attack != "> x" && !strings.HasPrefix(attack, ": ") && !strings.HasPrefix(attack, "|--") {
				fmt.Fprintf(&b, "\n%d 番\n\n", i+j)
			}
			b.WriteString(p.put("Markdown", attack) + "\n")
		}
		files[fmt.Sprintf("notes/markdown-%d.md", i)] = "# M\n\n" + b.String()
	}
	var code strings.Builder
	for _, attack := range fenceAttacks {
		place := "code block"
		if strings.Contains(attack, "mermaid") {
			place = "diagram"
		}
		code.WriteString(p.put(place, attack) + "\n\n")
	}
	files["notes/code.md"] = "---\ntitle: C\nparams: [{name: p}]\n---\n\n" + code.String()
	files["notes/refused.md"] = "---\ntitle: ZgotmplZ\ntags: [ZgotmplZ]\n---\n\n## ZgotmplZ {#ZgotmplZ}\n\n[ZgotmplZ](#ZgotmplZ) <a href=\"#ZgotmplZ\">x</a> [x](#Zgotmpl&#90;) `ZgotmplZ` [y](ZgotmplZ.md)\n"
	for i, attack := range openAttacks {
		files[fmt.Sprintf("notes/open-%d.md", i)] = "# O\n\n" + p.put("Markdown, open", attack) + "\n"
	}
	for i := range 5 {
		files[fmt.Sprintf("notes/heading-%d.md", i)] = "# " + p.put("heading", textAttacks[i]) + "\n\n## " + p.put("heading", textAttacks[i+5]) + "\n\nx\n"
	}
	for _, attack := range []string{`"><img src=x onerror=XSS>`, `' onmouseover='XSS`, `<svg onload=XSS>`, "`XSS`", `javascript:XSS`, `&lt;script&gt;XSS`} {
		files["notes/"+p.put("file name", attack)+".md"] = "x\n"
	}
	files["notes/"+p.put("folder name", `"><img src=x onerror=XSS>`)+"/a.md"] = "x\n"
}

// assets are files that pages lead to: pictures and documents that run something when they are opened.
func (p *planter) assets(files map[string]string) {
	svg := func(inside string) string {
		return p.put("SVG", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">`+inside+`<rect width="9" height="9"/></svg>`)
	}
	var list strings.Builder
	for i, inside := range []string{
		`<script>XSS</script>`, `<script href="data:text/javascript,XSS"/>`, `<g onload="XSS"/>`, `<image href="x" onerror="XSS"/>`,
		`<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="XSS"/></body></foreignObject>`,
		`<a href="javascript:XSS"><text y="9">x</text></a>`, `<a xlink:href="javascript:XSS"><text y="9">x</text></a>`, `<animate onbegin="XSS" attributeName="x" dur="1s"/>`,
		`<a id="a"><text y="9">x</text></a><set href="#a" attributeName="href" to="javascript:XSS"/>`, `<image href="https://evil.example/XSS.png"/>`, `<use href="https://evil.example/XSS.svg#x"/>`,
		`<style>@import "https://evil.example/XSS.css";</style>`, `<style>rect{fill:url(https://evil.example/XSS)}</style>`, `<rect style="fill:url(//evil.example/XSS)" width="9" height="9"/>`,
		`<x:script xmlns:x="http://www.w3.org/2000/svg">XSS</x:script>`, `<iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:parent.XSS"/>`, `<handler xmlns="http://www.w3.org/2001/xml-events">XSS</handler>`,
		`<script><![CDATA[XSS]]></script>`, `<script>XSS</script></svg><`,
	} {
		name := fmt.Sprintf("files/s%d.svg", i)
		files[name] = svg(inside)
		fmt.Fprintf(&list, "![s](../%s) [s](../%s)\n\n", name, name)
	}
	files["files/entity.svg"] = p.put("SVG", `<!DOCTYPE svg [<!ENTITY x "<script xmlns='http://www.w3.org/2000/svg'>XSS</script>">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>`)
	files["files/sheet.svg"] = p.put("SVG", `<?xml-stylesheet type="text/xsl" href="data:text/xml,XSS"?><svg xmlns="http://www.w3.org/2000/svg" onload="XSS"/>`)
	files["images/logo.svg"] = svg(`<script>XSS</script>`)
	files["files/page.html"] = p.put("HTML file", `<!doctype html><script>XSS</script><img src=x onerror=XSS>`)
	files["files/page.HTM"] = p.put("HTML file", `<script>XSS</script>`)
	files["files/page.xhtml"] = p.put("HTML file", `<html xmlns="http://www.w3.org/1999/xhtml"><script>XSS</script></html>`)
	files["files/page.xml"] = p.put("HTML file", `<html xmlns="http://www.w3.org/1999/xhtml"><script>XSS</script></html>`)
	files["files/page.svgz"] = p.put("HTML file", `<svg xmlns="http://www.w3.org/2000/svg" onload="XSS"/>`)
	files["files/a.js"] = p.put("script file", `XSS`)
	for _, name := range []string{"entity.svg", "sheet.svg", "page.html", "page.HTM", "page.xhtml", "page.xml", "page.svgz", "a.js"} {
		fmt.Fprintf(&list, "[f](../files/%s)\n\n", name)
	}
	name := p.put("file name", `a" onerror="XSS" x=".png`)
	files["files/"+name] = "x"
	fmt.Fprintf(&list, "![f](<../files/%s>)\n", strings.ReplaceAll(name, `"`, `\"`))
	files["notes/files.md"] = "# F\n\n" + list.String() + "\n[x](javascript-files.md)\n"
}

// built writes and builds a source, and returns where the site is.
func built(t *testing.T, files map[string]string, flags ...string) string {
	t.Helper()
	dir, out := t.TempDir(), t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), append([]string{"build", dir, "--out", out, "--clock", "2026-11-01", "--cache", "off"}, flags...)); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, said.String())
	}
	return out
}

// TestNothingHostileIsPublished promises that no attack of any place is in a finished page as anything but text, and that every place whose
// text is shown still shows it.
func TestNothingHostileIsPublished(t *testing.T) {
	files, p := hostileSite()
	out := built(t, files)
	shown := map[int]bool{}
	pages := 0
	err := fs.WalkDir(os.DirFS(out), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".html") {
			pages++
			for _, fault := range alive(string(text)) {
				t.Errorf("%s: %s", name, fault)
			}
			plain := html.UnescapeString(string(text))
			for n := range p.text {
				shown[n] = shown[n] || strings.Contains(plain, fmt.Sprintf("__xss(%d)", n))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range slices.Sorted(maps.Keys(p.text)) {
		if !shown[n] {
			t.Errorf("attack %d, of %s, is on no page, so it tries nothing", n, p.text[n])
		}
	}
	t.Logf("%d attacks in %d places, %d of them as text that %d pages show", p.n, len(p.places), len(p.text), pages)
}

// alive returns what a finished page holds that could run something, or lead where nothing may lead.
func alive(page string) []string {
	var found []string
	tokens := xhtml.NewTokenizer(strings.NewReader(page))
	script := false
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			return found
		case xhtml.TextToken:
			if script && strings.TrimSpace(string(tokens.Text())) != "" {
				found = append(found, "a script with a text")
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			token := tokens.Token()
			script = token.Data == "script"
			found = append(found, aliveTag(token)...)
		default:
			script = false
		}
	}
}

func aliveTag(token xhtml.Token) []string {
	var found []string
	switch token.Data {
	case "style", "iframe", "object", "embed", "base", "applet", "frame", "foreignobject", "animate", "set", "math", "image", "use":
		found = append(found, "<"+token.Data+">")
	}
	for _, a := range token.Attr {
		scheme, ok := markdown.Scheme(a.Val)
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "http-equiv" && strings.EqualFold(a.Val, "refresh"):
			found = append(found, fmt.Sprintf("<%s %s=%q>", token.Data, a.Key, a.Val))
		case token.Data == "script" && a.Key == "src" && (!ok || scheme != ""):
			found = append(found, fmt.Sprintf("a script from %q", a.Val))
		case slices.Contains([]string{"href", "src", "action", "formaction", "cite", "poster", "data", "srcset", "background", "data-to"}, a.Key) && !ok:
			found = append(found, fmt.Sprintf("<%s %s=%q>", token.Data, a.Key, a.Val))
		}
	}
	return found
}

// TestATemplateThatPrintsWhatIsRefusedFailsTheBuild promises that the word of html/template for such a value is taken for one where a template
// made it; TestNothingHostileIsPublished builds pages that hold the word.
func TestATemplateThatPrintsWhatIsRefusedFailsTheBuild(t *testing.T) {
	for name, title := range map[string]string{
		"an address": `<h1><a href="{{.Title}}">x</a></h1>`, "an attribute": `<h1><a {{.Title}}="x">x</a></h1>`, "a style": `<h1 style="color: {{.Title}}">x</h1>`,
	} {
		dir := t.TempDir()
		for file, text := range map[string]string{
			"a.md": "---\ntitle: \"javascript:x()\"\n---\n\n## ZgotmplZ\n", "_theme/partial/title.html": title,
		} {
			path := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var said strings.Builder
		a := newApp(&said, &said, func(string) string { return "" })
		code := a.run(context.Background(), []string{"build", dir, "--out", t.TempDir(), "--clock", "2026-11-01", "--cache", "off"})
		if code == 0 || !strings.Contains(said.String(), "prints a value in a place where it is not safe") {
			t.Errorf("%s: exit %d\n%s", name, code, said.String())
		}
	}
}

// TestOnePolicyForAllWhoSayIt promises that pages, the dev server and the hosting say the same policy.
func TestOnePolicyForAllWhoSayIt(t *testing.T) {
	out := built(t, map[string]string{"a.md": "# A\n"})
	want := `content="` + html.EscapeString(generator.ContentSecurityPolicy) + `"`
	err := filepath.WalkDir(out, func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		text, err := os.ReadFile(name)
		if strings.Count(string(text), "Content-Security-Policy") != 1 || !strings.Contains(string(text), want) {
			t.Errorf("%s does not say the policy once", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), []string{"publish", "template", "cloudformation", "--public", "--out", out}); code != 0 {
		t.Fatalf("exit %d\n%s", code, said.String())
	}
	if want := "ContentSecurityPolicy: {ContentSecurityPolicy: " + scalar(generator.ContentSecurityPolicy) + ", Override: true}"; !strings.Contains(said.String(), want) {
		t.Errorf("the hosting does not send %s", want)
	}
}
