package markdown

import (
	"errors"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// quick is chroma's lexers, each as a quickLexer.
var quick = sync.OnceValue(func() *chroma.LexerRegistry {
	all := chroma.NewLexerRegistry()
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		all.Register(&quickLexer{Lexer: l})
	}
	return all
})

// quickLexer runs the rules of one of chroma's lexers and gives the tokens that chroma gives, sooner. Chroma tries every rule of a state one after
// the other at every place of a text; here a rule is tried only where its first character may stand, and mostly as a pattern. What it does not
// know (a lexer that is more than a list of rules, a text with strange bytes) it leaves to chroma.
type quickLexer struct {
	chroma.Lexer
	once   sync.Once
	states map[string]*lexState // nil: left to chroma
	rules  chroma.CompiledRules
}

// lexState is the rules of a state.
type lexState struct {
	ascii [utf8.RuneSelf][]*lexRule // by the character at which they may match, in order
	other []*lexRule                // for all other characters
}

// lexRule is a rule. A rule whose emitter is a mere kind of token needs no groups.
type lexRule struct {
	*chroma.CompiledRule
	index int
	kind  chroma.TokenType
	plain bool     // kind says all that is emitted
	quick *pattern // nil: matched by the engine
}

// SetRegistry leaves chroma's lexer where it was.
func (l *quickLexer) SetRegistry(*chroma.LexerRegistry) chroma.Lexer { return l }

// Tokenise does what chroma's does.
func (l *quickLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	l.once.Do(l.prepare)
	if options == nil {
		options = &chroma.TokeniseOptions{State: "root", EnsureLF: true}
	}
	if l.states == nil || !utf8.ValidString(text) || options.EnsureLF && strings.Contains(text, "\r") {
		return l.Lexer.Tokenise(options, text)
	}
	r := &lexRun{lexer: l, base: options.State}
	added := 0
	if !options.Nested && l.Config().EnsureNL && !strings.HasSuffix(text, "\n") {
		text += "\n"
		added = 1
	}
	r.text = text
	r.Lexer, r.Registry, r.Rules = l.Lexer.(*chroma.RegexLexer), quick(), l.rules
	r.Text, r.Stack, r.MutatorContext = []rune(text), []string{options.State}, map[any]any{}
	r.end = len(r.Text) - added
	return r.next, nil
}

// prepare sorts the rules by the characters with which they begin.
func (l *quickLexer) prepare() {
	inner, ok := l.Lexer.(*chroma.RegexLexer)
	if !ok {
		return
	}
	rules, err := compiledRules(inner)
	if err != nil {
		return
	}
	states := make(map[string]*lexState, len(rules))
	for name, all := range rules {
		s := &lexState{}
		for i, rule := range all {
			if !known(rule.Mutator) || !known(rule.Type) {
				return
			}
			r := &lexRule{CompiledRule: rule, index: i}
			r.kind, r.plain = rule.Type.(chroma.TokenType)
			r.quick = compilePattern(rule.Regexp.String())
			first := firstOfPattern(rule.Regexp.String())
			for c := range s.ascii {
				if first.ascii[c] {
					s.ascii[c] = append(s.ascii[c], r)
				}
			}
			if first.other {
				s.other = append(s.other, r)
			}
		}
		states[name] = s
	}
	l.states, l.rules = states, rules
}

// known reports whether a part of a rule is one that chroma can write down, so that it reads no more of the state than is kept here.
func known(part any) bool {
	switch part.(type) {
	case nil, chroma.TokenType, chroma.SerialisableMutator:
		return true
	case chroma.SerialisableEmitter:
		return true
	}
	return false
}

// probe is a state that no lexer has.
const probe = "\x00"

// compiledRules returns the rules as chroma uses them: compiled, and with those of included states. Chroma shows them to mutators alone.
func compiledRules(l *chroma.RegexLexer) (rules chroma.CompiledRules, err error) {
	raw, err := l.Rules()
	if err != nil {
		return nil, err
	}
	with := raw.Clone()
	with[probe] = []chroma.Rule{{Mutator: chroma.MutatorFunc(func(s *chroma.LexerState) error {
		rules, s.Stack = s.Rules, nil
		return nil
	})}}
	asked, err := chroma.NewLexer(l.Config(), func() chroma.Rules { return with })
	if err != nil {
		return nil, err
	}
	tokens, err := asked.Tokenise(&chroma.TokeniseOptions{State: probe}, "x")
	if err != nil {
		return nil, err
	}
	tokens()
	if rules == nil {
		return nil, errors.New("no rules")
	}
	delete(rules, probe)
	return rules, nil
}

// lexRun is one run of a lexer over a text. It mirrors chroma.LexerState.Iterator.
type lexRun struct {
	chroma.LexerState // what mutators and emitters see
	lexer             *quickLexer
	text              string
	at                int // where Pos is in text
	end               int // in characters
	base              string
	pending           chroma.Iterator // of the last rule that matched
	matching          matching
}

func (r *lexRun) next() chroma.Token {
	for {
		if r.pending != nil {
			for t := r.pending(); t != chroma.EOF; t = r.pending() {
				if t.Type != chroma.Ignore {
					return t
				}
			}
			r.pending = nil
		}
		if r.Pos >= r.end || len(r.Stack) == 0 {
			break
		}
		if t, ok := r.step(); ok {
			return t
		}
	}
	if r.Pos != len(r.Text) && len(r.Stack) == 0 {
		value := r.text[r.at:]
		r.Pos, r.at = len(r.Text), len(r.text)
		return chroma.Token{Type: chroma.Error, Value: value}
	}
	return chroma.EOF
}

// step applies the first rule that matches. It returns a token if there is one yet.
func (r *lexRun) step() (chroma.Token, bool) {
	r.State = r.Stack[len(r.Stack)-1]
	state, ok := r.lexer.states[r.State]
	if !ok {
		panic("unknown state " + r.State)
	}
	c, list := r.Text[r.Pos], state.other
	if c < utf8.RuneSelf {
		list = state.ascii[c]
	}
	for _, rule := range list {
		if n, ok := r.match(rule); ok {
			return r.apply(rule, n)
		}
	}
	if c == '\n' && r.State != r.base {
		r.Stack = []string{r.base}
		return chroma.Token{}, false
	}
	return chroma.Token{Type: chroma.Error, Value: r.take(1)}, true
}

// match tries a rule and returns how many characters it takes. It sets Groups for rules that need them.
func (r *lexRun) match(rule *lexRule) (int, bool) {
	if rule.quick != nil {
		if end, ok := rule.quick.at(&r.matching, r.Text, r.Pos); ok {
			if end >= 0 && !rule.plain {
				r.Groups = r.matching.texts()
			}
			return end - r.Pos, end >= 0
		}
	}
	m, err := rule.Regexp.FindRunesMatchStartingAt(r.Text, r.Pos)
	if m == nil || err != nil || m.RuneIndex != r.Pos {
		return 0, false
	}
	if !rule.plain {
		r.Groups = nil
		for _, g := range m.Groups() {
			r.Groups = append(r.Groups, g.String())
		}
	}
	return m.RuneLength, true
}

func (r *lexRun) apply(rule *lexRule, n int) (chroma.Token, bool) {
	r.Rule = rule.index
	value := r.take(n)
	if rule.Mutator != nil {
		if err := rule.Mutator.Mutate(&r.LexerState); err != nil {
			panic(err)
		}
	}
	if rule.plain {
		return chroma.Token{Type: rule.kind, Value: value}, rule.kind != chroma.Ignore
	}
	if rule.Type != nil {
		r.pending = rule.Type.Emit(r.Groups, &r.LexerState)
	}
	return chroma.Token{}, false
}

// take returns the next n characters and moves behind them.
func (r *lexRun) take(n int) string {
	length := 0
	for _, c := range r.Text[r.Pos : r.Pos+n] {
		length += utf8.RuneLen(c)
	}
	value := r.text[r.at : r.at+length]
	r.Pos += n
	r.at += length
	return value
}
