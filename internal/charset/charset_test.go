package charset

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"opsbook/internal/diag"
)

const prose = "# DB フェイルオーバー手順\n\n1. 現在の書き込み先を確認する（目安 2分）。\n2. ﾚﾌﾟﾘｶ の遅延を見る。\n"

// encode writes text in another encoding.
func encode(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// lines returns problems with their hints, one a line.
func lines(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Pos.String() + " " + d.Rule + ": " + d.Message.String() + " | " + d.Hint.String() + "\n")
	}
	return b.String()
}

func TestCleanEncodings(t *testing.T) {
	withoutHalf := strings.ReplaceAll(prose, "ﾚﾌﾟﾘｶ", "レプリカ")
	le, be := utf16.UTF16(utf16.LittleEndian, utf16.UseBOM), utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM)
	for _, c := range []struct {
		name, file string
		src        []byte
		text, want string
	}{
		{
			"Shift_JIS", "a.md", encode(t, japanese.ShiftJIS, prose), prose,
			"a.md:7:6 encoding: the file is not UTF-8; it looks like Shift_JIS | convert it: iconv -f CP932 -t UTF-8 a.md > a.md.utf8 && mv a.md.utf8 a.md\n",
		},
		{
			"EUC-JP", "手順 1.md", encode(t, japanese.EUCJP, prose), prose,
			"手順 1.md:7:6 encoding: the file is not UTF-8; it looks like EUC-JP | convert it: iconv -f EUC-JP -t UTF-8 '手順 1.md' > '手順 1.md.utf8' && mv '手順 1.md.utf8' '手順 1.md'\n",
		},
		{
			"ISO-2022-JP", "it's.md", encode(t, japanese.ISO2022JP, withoutHalf), withoutHalf,
			`it's.md:7:6 encoding: the file is not UTF-8; it looks like ISO-2022-JP | convert it: iconv -f ISO-2022-JP -t UTF-8 'it'\''s.md' > 'it'\''s.md.utf8' && mv 'it'\''s.md.utf8' 'it'\''s.md'` + "\n",
		},
		{
			"UTF-16 with mark", "a.md", encode(t, le, prose), prose,
			"a.md:7:1 encoding: the file is not UTF-8; it looks like UTF-16 | convert it: iconv -f UTF-16 -t UTF-8 a.md > a.md.utf8 && mv a.md.utf8 a.md\n",
		},
		{
			"UTF-16 without mark", "-a.md", encode(t, be, prose), prose,
			"-a.md:7:1 encoding: the file is not UTF-8; it looks like UTF-16 | convert it: iconv -f UTF-16BE -t UTF-8 './-a.md' > './-a.md.utf8' && mv './-a.md.utf8' './-a.md'\n",
		},
		{
			"UTF-16 of ASCII", "a.md", encode(t, utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM), "# Restart\n"), "# Restart\n",
			"a.md:7:1 encoding: the file is not UTF-8; it looks like UTF-16 | convert it: iconv -f UTF-16LE -t UTF-8 a.md > a.md.utf8 && mv a.md.utf8 a.md\n",
		},
		{
			"one NUL", "a.md", []byte("# nul\x00\x1b[31m\n"), "# nul\ufffd\ufffd[31m\n",
			"a.md:7:6 control-character: the text contains the control character U+0000 (NUL) | delete it; it is invisible and usually came with text copied from a terminal\n" +
				"a.md:7:7 control-character: the text contains the control character U+001B (escape) | delete it; it is invisible and usually came with text copied from a terminal\n",
		},
		{
			"Windows-1252", "a.md", encode(t, charmap.Windows1252, "The na\u00efve caf\u00e9 \u201cprocedure\u201d is long enough.\n"), "The na\u00efve caf\u00e9 \u201cprocedure\u201d is long enough.\n",
			"a.md:7:7 encoding: the file is not UTF-8; it looks like Windows-1252 | convert it: iconv -f CP1252 -t UTF-8 a.md > a.md.utf8 && mv a.md.utf8 a.md\n",
		},
		{"UTF-8", "a.md", []byte(prose), prose, ""},
		{
			"byte order mark", "a.md", []byte("\ufeff" + prose), prose,
			"a.md:7:1 bom: the file starts with a byte order mark (U+FEFF) | save it as \"UTF-8\", not as \"UTF-8 with BOM\"\n",
		},
		{"line ends", "a.md", []byte("a\r\nb\rc\n\r\n"), "a\nb\nc\n\n", ""},
		{
			"broken UTF-8", "a.md", []byte("障害\xe3\x81の対応\nです。\xff\n"), "障害\ufffd\ufffdの対応\nです。\ufffd\n",
			"a.md:7:3 encoding: the byte 0xE3 is not UTF-8 | save the file as UTF-8 and write the character again\n" +
				"a.md:7:4 encoding: the byte 0x81 is not UTF-8 | save the file as UTF-8 and write the character again\n" +
				"a.md:8:4 encoding: the byte 0xFF is not UTF-8 | save the file as UTF-8 and write the character again\n",
		},
		{
			"control characters", "a.md", []byte("表\x00示\n\ta\x1b[0m\x7f\u0085\n"), "表\ufffd示\n\ta\ufffd[0m\ufffd\ufffd\n",
			"a.md:7:2 control-character: the text contains the control character U+0000 (NUL) | delete it; it is invisible and usually came with text copied from a terminal\n" +
				"a.md:8:3 control-character: the text contains the control character U+001B (escape) | delete it; it is invisible and usually came with text copied from a terminal\n" +
				"a.md:8:7 control-character: the text contains the control character U+007F (delete) | delete it; it is invisible and usually came with text copied from a terminal\n" +
				"a.md:8:8 control-character: the text contains the control character U+0085 (next line) | delete it; it is invisible and usually came with text copied from a terminal\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, problems := Clean(c.file, c.src, 7)
			if string(out) != c.text {
				t.Errorf("text %q, want %q", out, c.text)
			}
			if got := lines(problems); got != c.want {
				t.Errorf("problems:\n%swant:\n%s", got, c.want)
			}
		})
	}
}

// Text in an encoding that cannot be told for certain is left out: no page is better than garbled characters.
func TestCleanNeverShowsGarbledText(t *testing.T) {
	for name, src := range map[string][]byte{
		"Korean":       encode(t, korean.EUCKR, "장애 대응 절차를 확인한다. 데이터베이스를 다시 시작한다.\n"),
		"Chinese":      encode(t, simplifiedchinese.GBK, "故障处理步骤：检查数据库连接，然后重新启动服务。\n"),
		"only kanji":   encode(t, japanese.ShiftJIS, "障害対応手順書\n"),
		"random bytes": {0x9c, 0xfe, 0x81, 0xff, 0x80, 0xa0, 0xfd, 0x0a},
	} {
		out, problems := Clean("a.md", src, 1)
		if len(problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
		for _, r := range string(out) {
			if r >= 0x80 && r != 0xfffd {
				t.Errorf("%s: shows %q", name, out)
				break
			}
		}
	}
}

func TestCleanReportsSome(t *testing.T) {
	_, problems := Clean("a.bin", bytes.Repeat([]byte("a\x01b\xffc\n"), 1000), 1)
	if len(problems) > 2*most+1 {
		t.Errorf("%d problems for one file", len(problems))
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{prose, "\ufeffa\r\rb", "\xff\xfea\x00", "a\x00\x00\x00", "\x1b$B$\"", "\x82\xa0\x82\xa2", "\xa4\xa2\xa4\xa4", "a\u0085b", "\xe3\x81"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		out, problems := Clean("a.md", src, 1)
		again, more := Clean("a.md", out, 1)
		if !bytes.Equal(out, again) && !bytes.HasPrefix(out, []byte("\ufeff")) || len(more) > 0 && !bytes.HasPrefix(out, []byte("\ufeff")) {
			t.Fatalf("not clean: %q then %q, %s", out, again, lines(more))
		}
		for _, p := range problems {
			if p.Pos.Line < 1 || p.Pos.Col < 1 {
				t.Fatalf("no place: %v", p)
			}
		}
	})
}
