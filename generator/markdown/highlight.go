package markdown

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// The limits of highlighting: above, code is shown without colours. Chroma's lexers are lists of regular expressions that backtrack. On code
// they take a few microseconds for each byte; on text in another language than the fence says they may look through all that follows for
// each byte of it. So the piece they see at once is small, its steps are counted, and they are given up when what they return is not code.
const (
	maxHighlight     = 64 << 10 // bytes of a block
	maxHighlightLine = 2_000    // bytes of a line
	maxBlankLines    = 50       // in a row
	minPiece         = 2 << 10  // bytes: a piece ends at the first blank line after as many,
	maxPiece         = 4 << 10  // or at the first line after as many
	maxUnknown       = 64       // characters of a piece that the lexer does not know
	maxSigns         = 512      // signs of a piece, when there is hardly anything between them
)

// CodeClass is a class of highlighted code and what it stands for. Code that no class of the theme colours gets no span.
type CodeClass struct{ Name, Meaning string }

// ChromaClasses are all classes that highlighted code uses, so that a theme can colour them all. The first stands for code without a class.
var ChromaClasses = []CodeClass{
	{"", ""},
	{"k", "keyword"},
	{"nb", "built-in name or command"},
	{"nf", "name of a function"},
	{"nt", "name of a tag, key or section"},
	{"na", "name of an attribute or property"},
	{"nv", "variable, interpolation"},
	{"nc", "name of a class, namespace, constant or decorator"},
	{"s", "string"},
	{"se", "escape in a string"},
	{"m", "number, date or other literal"},
	{"c", "comment"},
	{"cp", "preprocessor directive or shebang"},
	{"gd", "deleted line"},
	{"gi", "inserted line"},
	{"gh", "heading or hunk of a diff"},
	{"go", "output of a command"},
	{"gp", "prompt of a shell"},
	{"gr", "error"},
}

// classOf returns the index of the class in ChromaClasses.
func classOf(t chroma.TokenType) byte {
	name := ""
	switch t {
	case chroma.NameBuiltin, chroma.NameBuiltinPseudo:
		name = "nb"
	case chroma.NameFunction, chroma.NameFunctionMagic:
		name = "nf"
	case chroma.NameTag, chroma.NameLabel:
		name = "nt"
	case chroma.NameAttribute, chroma.NameProperty:
		name = "na"
	case chroma.NameVariable, chroma.NameVariableClass, chroma.NameVariableGlobal, chroma.NameVariableInstance, chroma.NameVariableMagic,
		chroma.LiteralStringInterpol:
		name = "nv"
	case chroma.NameClass, chroma.NameNamespace, chroma.NameConstant, chroma.NameDecorator, chroma.NameException, chroma.NameEntity:
		name = "nc"
	case chroma.LiteralStringEscape:
		name = "se"
	case chroma.OperatorWord, chroma.OperatorReserved:
		name = "k"
	case chroma.CommentPreproc, chroma.CommentPreprocFile, chroma.CommentHashbang:
		name = "cp"
	case chroma.GenericDeleted:
		name = "gd"
	case chroma.GenericInserted:
		name = "gi"
	case chroma.GenericHeading, chroma.GenericSubheading:
		name = "gh"
	case chroma.GenericOutput:
		name = "go"
	case chroma.GenericPrompt:
		name = "gp"
	case chroma.GenericError, chroma.GenericTraceback:
		name = "gr"
	default:
		switch {
		case t.InCategory(chroma.Keyword):
			name = "k"
		case t.InSubCategory(chroma.LiteralString):
			name = "s"
		case t.InCategory(chroma.Literal):
			name = "m"
		case t.InCategory(chroma.Comment):
			name = "c"
		}
	}
	for i, c := range ChromaClasses {
		if c.Name == name {
			return byte(i)
		}
	}
	return 0
}

// Memo remembers a pure function: it returns what it has for the key, or makes it. It may be asked by many at once.
type Memo func(key [sha256.Size]byte, make func() []byte) []byte

// Highlighter colours code. Highlighting costs most of a build's time and the same code comes back build after build, so it remembers by
// content. Safe for use by many at once; nil works and remembers nothing.
type Highlighter struct {
	memo   Memo
	lexers sync.Map // language -> chroma.Lexer, or nil in an interface
}

// NewHighlighter returns a Highlighter with a memory of its own, or with the one given.
func NewHighlighter(memo Memo) *Highlighter {
	if memo == nil {
		memo = newMemory().remember
	}
	return &Highlighter{memo: memo}
}

// maxMemory is how many bytes of runs a Highlighter keeps before it forgets the older half.
const maxMemory = 16 << 20

// memory keeps two generations: what was not asked for while the younger one filled up is forgotten.
type memory struct {
	mu         sync.Mutex
	young, old map[[sha256.Size]byte][]byte
	size       int
}

func newMemory() *memory { return &memory{young: map[[sha256.Size]byte][]byte{}} }

func (m *memory) remember(key [sha256.Size]byte, make func() []byte) []byte {
	m.mu.Lock()
	v, ok := m.young[key]
	if !ok {
		v, ok = m.old[key]
	}
	m.mu.Unlock()
	if !ok {
		v = make()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, have := m.young[key]; !have {
		if m.size += len(v) + sha256.Size; m.size > maxMemory {
			m.old, m.young, m.size = m.young, map[[sha256.Size]byte][]byte{}, len(v)
		}
		m.young[key] = v
	}
	return v
}

// runs returns the classes of code as runs: a byte for the class and its length in bytes as a varint, again and again. Runs without a class
// at the end are left out; nil is code without colours.
func (h *Highlighter) runs(lang, code string) []byte {
	if lang == "" || len(code) > maxHighlight || longestLine(code) > maxHighlightLine || strings.Contains(code, blankLines) {
		return nil
	}
	lexer := h.lexer(lang)
	if lexer == nil {
		return nil
	}
	if h == nil {
		return highlight(lexer, code)
	}
	sum := sha256.New()
	sum.Write([]byte("runs 2\x00" + lexer.Config().Name + "\x00")) // the form of runs may change, and a memory may outlive it
	sum.Write([]byte(code))
	var key [sha256.Size]byte
	sum.Sum(key[:0])
	return h.memo(key, func() []byte { return highlight(lexer, code) })
}

// lexer finds the lexer of a language. Chroma's own search goes through every file pattern it knows when it fails.
func (h *Highlighter) lexer(lang string) chroma.Lexer {
	lang = strings.ToLower(lang)
	switch lang {
	case "text", "txt", "plain", "plaintext", "none", "log", "output":
		return nil
	}
	if h == nil {
		return quick().Get(lang)
	}
	if found, ok := h.lexers.Load(lang); ok {
		lexer, _ := found.(chroma.Lexer)
		return lexer
	}
	lexer := quick().Get(lang)
	h.lexers.Store(lang, lexer)
	return lexer
}

var blankLines = strings.Repeat("\n", maxBlankLines)

// highlight runs a lexer over the pieces of code. A lexer that fails, panics, loses text or does not know the language leaves the code
// without colours.
func highlight(lexer chroma.Lexer, code string) (runs []byte) {
	defer func() {
		if recover() != nil {
			runs = nil
		}
	}()
	w := runWriter{}
	for code != "" {
		piece := code[:pieceLen(code)]
		if !w.piece(lexer, piece) {
			return nil
		}
		code = code[len(piece):]
	}
	if w.class != 0 {
		w.flush()
	}
	return w.runs
}

// pieceLen returns how much of code is highlighted at once.
func pieceLen(code string) int {
	if len(code) <= maxPiece {
		return len(code)
	}
	if i := strings.Index(code[minPiece:maxPiece], "\n\n"); i >= 0 {
		return minPiece + i + 2
	}
	if i := strings.IndexByte(code[maxPiece:], '\n'); i >= 0 {
		return maxPiece + i + 1
	}
	return len(code)
}

// runWriter writes runs; see Highlighter.runs.
type runWriter struct {
	runs   []byte
	class  byte
	length int
}

func (w *runWriter) piece(lexer chroma.Lexer, code string) bool {
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		return false
	}
	at, unknown, signs := 0, 0, 0
	for token := tokens(); token != chroma.EOF; token = tokens() {
		value := token.Value
		if at+len(value) == len(code)+1 {
			value = strings.TrimSuffix(value, "\n") // the line break that some lexers add
		}
		if !strings.HasPrefix(code[at:], value) {
			return false
		}
		at += len(value)
		switch {
		case token.Type == chroma.Error:
			unknown++
		case len(value) == 1 && token.Type != chroma.Text && token.Type != chroma.Other && token.Type != chroma.Whitespace:
			signs++
		}
		if unknown > maxUnknown || signs > maxSigns && at < signs*5/4 {
			return false
		}
		class := classOf(token.Type)
		if class != 0 && strings.TrimSpace(value) == "" {
			class = w.class // space has no colour, and need not cut a run
		}
		if class != w.class {
			w.flush()
			w.class = class
		}
		w.length += len(value)
	}
	if at < len(code) { // a lexer may leave the end out
		if w.class != 0 {
			w.flush()
			w.class = 0
		}
		w.length += len(code) - at
	}
	return true
}

func (w *runWriter) flush() {
	w.runs, w.length = appendRun(w.runs, w.class, w.length), 0
}

func appendRun(runs []byte, class byte, length int) []byte {
	if length == 0 {
		return runs
	}
	return binary.AppendUvarint(append(runs, class), uint64(length))
}

func longestLine(s string) int {
	longest := 0
	for line := range strings.SplitSeq(s, "\n") {
		longest = max(longest, len(line))
	}
	return longest
}

// runReader walks along runs.
type runReader struct {
	rest  []byte
	class byte
	stop  int // where the run ends
	end   int // where the text ends
}

func (r *runReader) start(runs []byte, end int) { *r = runReader{rest: runs, end: end} }

// at returns the class at an offset, which must not go back, and where its run ends.
func (r *runReader) at(offset int) (class string, stop int) {
	for offset >= r.stop {
		length, n := uint64(0), 0
		if len(r.rest) > 1 {
			r.class = r.rest[0]
			length, n = binary.Uvarint(r.rest[1:])
		}
		if n <= 0 || length == 0 || length > uint64(r.end-r.stop) || int(r.class) >= len(ChromaClasses) {
			r.class, r.stop, r.rest = 0, r.end, nil // the end, or a memory that is not ours
			break
		}
		r.stop += int(length)
		r.rest = r.rest[1+n:]
	}
	return ChromaClasses[r.class].Name, r.stop
}
