package tour

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// A shell runs what the documents type: programs, variables, quotes, $( ), files written with cat, and a pipe into awk.
type shell struct {
	variables map[string]string
	files     map[string]string
	// run runs a program with the variables that are set, and returns what it prints.
	run func(ctx context.Context, program string, arguments []string, sh *shell) (string, error)
}

func newShell(run func(context.Context, string, []string, *shell) (string, error)) *shell {
	return &shell{variables: map[string]string{}, files: map[string]string{}, run: run}
}

// commands divides a block into its commands, each with the document that it reads, if any. A line that ends in a backslash, or in
// the middle of quotes, goes on in the next one.
func commands(block string) ([]string, error) {
	var out []string
	lines := strings.Split(block, "\n")
	for at := 0; at < len(lines); at++ {
		command := lines[at]
		for !complete(command) {
			if at++; at == len(lines) {
				return nil, fmt.Errorf("the command does not end: %s", command)
			}
			command += "\n" + lines[at]
		}
		if mark, has := hereMark(command); has {
			for {
				if at++; at == len(lines) {
					return nil, fmt.Errorf("no %s ends %s", mark, command)
				}
				command += "\n" + lines[at]
				if lines[at] == mark {
					break
				}
			}
		}
		if strings.TrimSpace(command) != "" {
			out = append(out, command)
		}
	}
	return out, nil
}

// complete reports whether a command is over at its end: no quote and no $( is open, and no backslash takes the line's end away.
func complete(command string) bool {
	quote, depth := byte(0), 0
	for at := 0; at < len(command); at++ {
		switch c := command[at]; {
		case quote == '\'':
			if c == '\'' {
				quote = 0
			}
		case c == '\\':
			if at++; at >= len(command) {
				return false
			}
		case c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote == 0 && c == '(':
			depth++
		case quote == 0 && c == ')':
			depth--
		}
	}
	return quote == 0 && depth <= 0
}

// hereMark returns the word that ends the document of `cat > FILE <<'WORD'`.
func hereMark(command string) (string, bool) {
	_, mark, has := strings.Cut(command, " <<'")
	if !has || !strings.HasPrefix(command, "cat > ") {
		return "", false
	}
	return strings.CutSuffix(mark, "'")
}

// do runs one command and returns what it prints.
func (s *shell) do(ctx context.Context, command string) (string, error) {
	if first, document, is := strings.Cut(command, "\n"); is && strings.HasPrefix(first, "cat > ") {
		name, _, isDocument := strings.Cut(strings.TrimPrefix(first, "cat > "), " <<'")
		if !isDocument || strings.ContainsAny(name, " \t"+special) {
			return "", fmt.Errorf("%s is not part of the tour", first)
		}
		s.files[name] = document[:strings.LastIndexByte(document, '\n')+1]
		return "", nil
	}
	parts, err := s.pipeline(ctx, command)
	if err != nil {
		return "", err
	}
	printed, err := s.one(ctx, parts[0])
	for _, filter := range parts[1:] {
		if err != nil {
			return printed, err
		}
		if len(filter) != 2 || filter[0] != "awk" {
			return "", fmt.Errorf("no filter %q here", filter)
		}
		printed, err = awk(filter[1], printed)
	}
	return printed, err
}

// one runs a single program, or what a shell does itself.
func (s *shell) one(ctx context.Context, words []string) (string, error) {
	switch words[0] {
	case "eval":
		for line := range strings.SplitSeq(strings.Join(words[1:], " "), "\n") {
			if strings.TrimSpace(line) == "" {
				continue
			}
			if _, err := s.do(ctx, line); err != nil {
				return "", err
			}
		}
		return "", nil
	case "export":
		for _, word := range words[1:] {
			name, value, _ := strings.Cut(word, "=")
			s.variables[name] = value
		}
		return "", nil
	case "unset":
		for _, name := range words[1:] {
			delete(s.variables, name)
		}
		return "", nil
	}
	return s.run(ctx, words[0], words[1:], s)
}

// inside returns a shell like s, whose changes s does not see.
func (s *shell) inside() *shell {
	return &shell{variables: maps.Clone(s.variables), files: s.files, run: s.run}
}

var errUnfinished = errors.New("the command does not end")

// pipeline divides a command into words, those of the programs of a pipe apart.
func (s *shell) pipeline(ctx context.Context, command string) ([][]string, error) {
	r := reader{shell: s, rest: command}
	out := [][]string{nil}
	for {
		words, more, err := r.word(ctx)
		if err != nil {
			return nil, err
		}
		out[len(out)-1] = append(out[len(out)-1], words...)
		if strings.HasPrefix(r.rest, "|") {
			r.rest = r.rest[1:]
			out = append(out, nil)
		} else if !more {
			break
		}
	}
	for _, words := range out {
		if len(words) == 0 {
			return nil, fmt.Errorf("no program: %s", command)
		}
	}
	return out, nil
}

// A reader reads the words of a command.
type reader struct {
	shell *shell
	rest  string
}

// word reads the next word, which what $( ) prints can make into several or none. more is false at the end.
func (r *reader) word(ctx context.Context) (words []string, more bool, err error) {
	r.rest = strings.TrimLeft(r.rest, " \t\n")
	for strings.HasPrefix(r.rest, "\\\n") {
		r.rest = strings.TrimLeft(r.rest[2:], " \t\n")
	}
	var b strings.Builder
	begun := false
	for r.rest != "" && !strings.ContainsRune(" \t\n|", rune(r.rest[0])) {
		if strings.HasPrefix(r.rest, "\\\n") {
			r.rest = r.rest[2:]
			continue
		}
		begun = true
		text, split, err := r.piece(ctx)
		if err != nil {
			return nil, false, err
		}
		if fields := strings.Fields(text); split && len(fields) != 1 {
			words = append(words, fields...)
			continue
		}
		if split {
			text = strings.TrimSpace(text)
		}
		b.WriteString(text)
	}
	if begun && (b.Len() > 0 || words == nil) {
		words = append(words, b.String())
	}
	return words, r.rest != "", nil
}

// special are the characters that mean something to a shell and nothing here.
const special = ";&<>()`*?#~"

// piece reads a quoted text, a substitution or a character. split says that white space in it divides words.
func (r *reader) piece(ctx context.Context) (text string, split bool, err error) {
	switch c := r.rest[0]; {
	case c == '\'':
		text, rest, closed := strings.Cut(r.rest[1:], "'")
		if !closed {
			return "", false, errUnfinished
		}
		r.rest = rest
		return text, false, nil
	case c == '"':
		r.rest = r.rest[1:]
		text, err = r.quoted(ctx)
		return text, false, err
	case c == '\\' && len(r.rest) > 1:
		text, r.rest = r.rest[1:2], r.rest[2:]
		return text, false, nil
	case c == '$':
		text, err = r.substitution(ctx)
		return text, true, err
	case strings.IndexByte(special, c) >= 0:
		return "", false, fmt.Errorf("%c outside of quotes is not part of the tour", c)
	}
	text, r.rest = r.rest[:1], r.rest[1:]
	return text, false, nil
}

// quoted reads up to the closing double quote.
func (r *reader) quoted(ctx context.Context) (string, error) {
	var b strings.Builder
	for r.rest != "" {
		switch c := r.rest[0]; {
		case c == '"':
			r.rest = r.rest[1:]
			return b.String(), nil
		case c == '$':
			text, err := r.substitution(ctx)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			continue
		case c == '\\' && len(r.rest) > 1 && strings.ContainsRune("$\"\\", rune(r.rest[1])):
			r.rest = r.rest[1:]
		}
		b.WriteByte(r.rest[0])
		r.rest = r.rest[1:]
	}
	return "", errUnfinished
}

// substitution reads $( ), which is what a command prints without the line feeds at its end, or a variable.
func (r *reader) substitution(ctx context.Context) (string, error) {
	if !strings.HasPrefix(r.rest, "$(") {
		end := 1
		for end < len(r.rest) && (r.rest[end] == '_' || r.rest[end]|0x20 >= 'a' && r.rest[end]|0x20 <= 'z' || r.rest[end] >= '0' && r.rest[end] <= '9') {
			end++
		}
		name := r.rest[1:end]
		r.rest = r.rest[end:]
		if name == "" {
			return "$", nil
		}
		return r.shell.variables[name], nil
	}
	for end := 2; end <= len(r.rest); end++ {
		if strings.HasSuffix(r.rest[:end], ")") && complete(r.rest[1:end]) {
			command := r.rest[2 : end-1]
			r.rest = r.rest[end:]
			printed, err := r.shell.inside().do(ctx, command)
			return strings.TrimRight(printed, "\n"), err
		}
	}
	return "", errUnfinished
}

// awk runs a program of the form {print "text"$1"text"$2}.
func awk(program, input string) (string, error) {
	body, isPrint := strings.CutPrefix(strings.TrimSpace(program), "{print ")
	body, closed := strings.CutSuffix(body, "}")
	if !isPrint || !closed {
		return "", fmt.Errorf("awk %s: only print is known here", program)
	}
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(input, "\n"), "\n") {
		fields := strings.Fields(line)
		for rest := strings.TrimSpace(body); rest != ""; rest = strings.TrimSpace(rest) {
			switch {
			case rest[0] == '"':
				text, after, ok := strings.Cut(rest[1:], `"`)
				if !ok {
					return "", errUnfinished
				}
				out.WriteString(text)
				rest = after
			case rest[0] == '$' && len(rest) > 1 && rest[1] >= '1' && rest[1] <= '9':
				if n := int(rest[1] - '1'); n < len(fields) {
					out.WriteString(fields[n])
				}
				rest = rest[2:]
			default:
				return "", fmt.Errorf("awk %s: not known here", program)
			}
		}
		out.WriteByte('\n')
	}
	return out.String(), nil
}
