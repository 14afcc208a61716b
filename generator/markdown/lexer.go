package markdown

import (
	"errors"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
)

// quick is chroma's lexers, each as a quickLexer.
var quick = sync.OnceValue(func() *chroma.LexerRegistry {
	all := chroma.NewLexerRegistry()
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		switch inner := insideOf(l).(type) {
		case *chroma.RegexLexer:
			q := &quickLexer{Lexer: inner}
			switch l.Config().Name {
			case "HTTP":
				all.Register(&httpLexer{q})
			case "markdown":
				all.Register(&markdownLexer{q})
			default:
				all.Register(q)
			}
		}
	}
	return all
})

// quickLexer runs the rules of one of chroma's lexers and gives the tokens that chroma gives, sooner, and the same ones on a busy machine.
// Chroma tries every rule of a state one after the other at every place of a text, and gives each a quarter of a second; here a rule is tried
// only where its first character may stand, and steps are counted. A lexer that is more than a list of rules has no colours: those of ten
// languages of templates and the like.
type quickLexer struct {
	chroma.Lexer
	once   sync.Once
	states map[string]*lexState // nil: not a lexer that can be run here
	rules  chroma.CompiledRules
	self   *chroma.RegexLexer // what rules take for their own lexer
}

// The steps of a run: some to set out, and some for each character. Code in its own language takes a few dozen for each.
const (
	baseSteps = 20_000
	charSteps = 1_000
)

var (
	errNoRules = errors.New("not a list of rules")
	errNotText = errors.New("not UTF-8")
)

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
	plain bool // kind says all that is emitted
	quick *pattern
}

// SetRegistry leaves chroma's lexer where it was.
func (l *quickLexer) SetRegistry(*chroma.LexerRegistry) chroma.Lexer { return l }

// Tokenise does what chroma's does. The tokens of a text that takes too many steps end in a panic with errTooLong.
func (l *quickLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	l.once.Do(l.prepare)
	switch {
	case l.states == nil:
		return nil, errNoRules
	case !utf8.ValidString(text):
		return nil, errNotText
	case options == nil:
		options = &chroma.TokeniseOptions{State: "root", EnsureLF: true}
	}
	if options.EnsureLF {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	r := &lexRun{lexer: l, base: options.State}
	added := 0
	if !options.Nested && l.Config().EnsureNL && !strings.HasSuffix(text, "\n") {
		text += "\n"
		added = 1
	}
	r.text = text
	r.Lexer, r.Registry, r.Rules = l.self, quick(), l.rules
	r.Text, r.Stack, r.MutatorContext = []rune(text), []string{options.State}, map[any]any{}
	r.end = len(r.Text) - added
	r.matching = matching{text: r.Text, steps: baseSteps + charSteps*len(r.Text)}
	return r.next, nil
}

// prepare sorts the rules by the characters with which they begin.
func (l *quickLexer) prepare() {
	raw, err := l.Lexer.(*chroma.RegexLexer).Rules()
	if err != nil {
		return
	}
	_, rules, err := compiled(l.Config(), raw)
	if err != nil {
		return
	}
	states := make(map[string]*lexState, len(rules))
	for name, all := range rules {
		s := &lexState{}
		for i, rule := range all {
			r := &lexRule{CompiledRule: rule, index: i, quick: compilePattern(rule.Regexp.String())}
			if r.quick == nil || !l.known(rule.Mutator) || !l.known(rule.Type) {
				return
			}
			r.kind, r.plain = rule.Type.(chroma.TokenType)
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
	if l.self, err = l.stand(states); err == nil {
		l.states, l.rules = states, rules
	}
}

// known reports whether a part of a rule is one that chroma can write down, so that it reads no more of the state than is kept here.
func (l *quickLexer) known(part any) bool {
	switch part.(type) {
	case nil, chroma.TokenType, chroma.SerialisableMutator, chroma.SerialisableEmitter:
		return true
	case chroma.EmitterFunc:
		name := l.Config().Name
		return name == "HTTP" || name == "reStructuredText" // they read the groups
	}
	return false
}

// stand makes the lexer that rules take for their own, when a part of a match is code of the same language. It asks l.
func (l *quickLexer) stand(states map[string]*lexState) (*chroma.RegexLexer, error) {
	rules := chroma.Rules{}
	for state := range states {
		rules[state] = []chroma.Rule{{Pattern: `[\w\W]+`, Type: chroma.EmitterFunc(func(groups []string, _ *chroma.LexerState) chroma.Iterator {
			tokens, err := l.Tokenise(&chroma.TokeniseOptions{State: state, Nested: true}, groups[0])
			if err != nil {
				panic(err)
			}
			return tokens
		})}}
	}
	self, _, err := compiled(&chroma.Config{Name: l.Config().Name}, rules)
	return self, err
}

// probe is a state that no lexer has.
const probe = "\x00"

// compiled returns a lexer without a clock and its rules as chroma uses them: compiled, and with those of included states. Chroma shows them
// to mutators alone.
func compiled(config *chroma.Config, raw chroma.Rules) (l *chroma.RegexLexer, rules chroma.CompiledRules, err error) {
	with := raw.Clone()
	with[probe] = []chroma.Rule{{Mutator: chroma.MutatorFunc(func(s *chroma.LexerState) error {
		rules, s.Stack = s.Rules, nil
		return nil
	})}}
	l, err = chroma.NewLexer(config, func() chroma.Rules { return with })
	if err != nil {
		return nil, nil, err
	}
	tokens, err := l.Tokenise(&chroma.TokeniseOptions{State: probe}, "x")
	if err != nil {
		return nil, nil, err
	}
	tokens()
	if rules == nil {
		return nil, nil, errNoRules
	}
	delete(rules, probe)
	for _, state := range rules {
		for _, rule := range state {
			rule.Regexp.MatchTimeout = regexp2.DefaultMatchTimeout
		}
	}
	return l, rules, nil
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
	r.matching.spend(1)
	end := rule.quick.at(&r.matching, r.Pos)
	if end >= 0 && !rule.plain {
		r.Groups = r.matching.texts()
	}
	return end - r.Pos, end >= 0
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
