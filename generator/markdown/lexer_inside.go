package markdown

import (
	"reflect"
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// insideOf returns the lexer that one of chroma's puts something around, or the lexer itself. What goes around it is made anew here, as
// chroma's own asks lexers that have a clock.
func insideOf(l chroma.Lexer) chroma.Lexer {
	if v := reflect.Indirect(reflect.ValueOf(l)); v.Kind() == reflect.Struct {
		if field := v.FieldByName("Lexer"); field.IsValid() {
			if inner, ok := field.Interface().(chroma.Lexer); ok {
				return inner
			}
		}
	}
	return l
}

// markdownLexer reads front matter as YAML.
type markdownLexer struct{ *quickLexer }

func (l *markdownLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	if end := strings.Index(text, "\n---\n"); end >= 0 && strings.HasPrefix(text, "---\n") {
		end += len("\n---\n")
		front, err := quick().Get("YAML").Tokenise(options, text[:end])
		if err != nil {
			return nil, err
		}
		rest, err := l.quickLexer.Tokenise(options, text[end:])
		if err != nil {
			return nil, err
		}
		return chroma.Concaterator(front, rest), nil
	}
	return l.quickLexer.Tokenise(options, text)
}

// httpLexer reads the body of a message as what its header says that it is.
type httpLexer struct{ *quickLexer }

func (l *httpLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	tokens, err := l.quickLexer.Tokenise(options, text)
	if err != nil {
		return nil, err
	}
	header, kind := "", ""
	var body chroma.Iterator
	return func() chroma.Token {
		token := tokens()
		switch {
		case token == chroma.EOF && body != nil:
			return body()
		case token.Type == chroma.Name:
			header = strings.ToLower(token.Value)
		case token.Type == chroma.Literal && header == "content-type":
			header = ""
			kind, _, _ = strings.Cut(token.Value, ";")
			kind = strings.TrimSpace(kind)
		case token.Type == chroma.Generic && kind != "":
			inner := quick().MatchMimeType(kind)
			if main, ending, ok := strings.Cut(kind, "/"); ok && inner == nil && strings.Contains(ending, "+") {
				inner = quick().MatchMimeType(main + "/" + ending[strings.LastIndex(ending, "+")+1:])
			}
			if inner != nil {
				if found, err := inner.Tokenise(nil, token.Value); err == nil {
					body = found
					return body()
				}
			}
			token.Type = chroma.Text
		}
		return token
	}, nil
}
