package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Shell: bash, zsh or fish."`
}

// word is what can stand after some words of a command line.
type word struct{ after, text, help string }

// Run prints a script that teaches a shell our commands, flags and their values, from the same model that parses them.
func (c *completionCmd) Run(a *app, k *kong.Kong) error {
	words := wordsOf(k.Model.Node, "")
	var b strings.Builder
	switch c.Shell {
	case "fish":
		fish(&b, words)
	case "zsh":
		b.WriteString("#compdef opsbook\nautoload -U +X bashcompinit && bashcompinit\n")
		bash(&b, words)
	default:
		bash(&b, words)
	}
	_, err := fmt.Fprint(a.stdout, b.String())
	return err
}

// wordsOf lists what can stand after a command, its flags and their fixed values, and so for the commands below it.
func wordsOf(n *kong.Node, path string) []word {
	var out []word
	for _, below := range n.Children {
		if below.Hidden || below.Type != kong.CommandNode {
			continue
		}
		out = append(out, word{path, below.Name, below.Help})
		out = append(out, wordsOf(below, strings.TrimSpace(path+" "+below.Name))...)
	}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			out = append(out, word{path, "--" + f.Name, f.Help})
			for _, value := range choices(f.Value) {
				out = append(out, word{path + " --" + f.Name, value, ""})
			}
		}
	}
	for _, p := range n.Positional {
		for _, value := range choices(p) {
			out = append(out, word{path, value, ""})
		}
	}
	return out
}

// choices are the words that a flag or an argument takes, if it takes nothing else.
func choices(v *kong.Value) []string {
	if v.Enum == "" {
		return nil
	}
	values := slices.DeleteFunc(v.EnumSlice(), func(s string) bool { return s == "" })
	slices.Sort(values)
	return values
}

// bash writes a completion that finds the command on the line, then offers its words or the values of the flag before the cursor. Files are
// completed where nothing is offered.
func bash(b *strings.Builder, words []word) {
	b.WriteString("_opsbook() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" path=\"\" w words=\"\"\n")
	b.WriteString("  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$path $w\" in\n")
	paths, byPath := grouped(words)
	for _, path := range paths {
		if path != "" && !strings.Contains(path, "--") {
			parent, last := "", path
			if i := strings.LastIndexByte(path, ' '); i >= 0 {
				parent, last = path[:i], path[i+1:]
			}
			fmt.Fprintf(b, "      %q) path=%q ;;\n", parent+" "+last, path)
		}
	}
	b.WriteString("    esac\n  done\n  case \"$path $prev\" in\n")
	for _, path := range paths {
		if strings.Contains(path, "--") {
			fmt.Fprintf(b, "    %q) words=%q ;;\n", path, strings.Join(byPath[path], " "))
		}
	}
	b.WriteString("    *) case \"$path\" in\n")
	for _, path := range paths {
		if !strings.Contains(path, "--") {
			fmt.Fprintf(b, "      %q) words=%q ;;\n", path, strings.Join(byPath[path], " "))
		}
	}
	b.WriteString("    esac ;;\n  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _opsbook opsbook\n")
}

func grouped(words []word) (paths []string, byPath map[string][]string) {
	byPath = map[string][]string{}
	for _, w := range words {
		if byPath[w.after] == nil {
			paths = append(paths, w.after)
		}
		byPath[w.after] = append(byPath[w.after], w.text)
	}
	return paths, byPath
}

// fish writes one line for each word, with its help.
func fish(b *strings.Builder, words []word) {
	quote := func(s string) string {
		return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", `\'`) + "'"
	}
	for _, w := range words {
		path, _, valued := strings.Cut(w.after, " --")
		if valued {
			continue
		}
		condition := "__fish_use_subcommand"
		if path != "" {
			condition = "__fish_seen_subcommand_from " + path[strings.LastIndexByte(path, ' ')+1:]
		}
		line := "complete -c opsbook -n " + quote(condition)
		if name, isFlag := strings.CutPrefix(w.text, "--"); isFlag {
			line += " -l " + name
			_, values := grouped(words)
			if v := values[w.after+" --"+name]; len(v) > 0 {
				line += " -x -a " + quote(strings.Join(v, " "))
			}
		} else {
			line += " -a " + quote(w.text)
		}
		if w.help != "" {
			line += " -d " + quote(w.help)
		}
		b.WriteString(line + "\n")
	}
}
