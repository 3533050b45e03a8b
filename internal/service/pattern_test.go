package service_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/ambit-iam/ambit/internal/service"
)

// TestPatternsAreExpressions compiles what is compiled only when somebody asks: each literal that a NewPattern is made of.
func TestPatternsAreExpressions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "NewPattern" {
				return true
			}
			seen++
			text, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: NewPattern of something else than a literal, which nobody has compiled", file)
				return true
			}
			expression, err := strconv.Unquote(text.Value)
			if err == nil {
				_, err = regexp.Compile(expression)
			}
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			return true
		})
	}
	if seen < 10 {
		t.Errorf("%d patterns were found", seen)
	}
}

// TestPatternsMatchAsExpressions holds the table of a class of characters against the expression that it was read of.
func TestPatternsMatchAsExpressions(t *testing.T) {
	t.Parallel()
	expressions := []string{
		`^[\w+=,.@-]+$`, `^[\w+=,.@-]*$`, `^\w+$`, `^\d*$`, `^[^a]+$`, `^[\t\n\r\x{20}-\x{FF}]+$`, `^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`, `^(?i)[a-c]+$`,
		`(?m)^[a-c]+$`, `^[a-c]+`, `[a-c]+$`, `^[a-c]{2}$`, `^[a-c]+?$`, `^a+$`, `^.+$`, `^([a-c]+)$`, `^[a-c]?$`, `^[\x{3A9}]*$`,
	}
	for _, expression := range expressions {
		pattern, want := service.NewPattern(expression), regexp.MustCompile(expression)
		texts := []string{"", "abc", "ABC", "a\n", "a\nb", "\n", "a b", "é", "aé", "\xff", "a\xff", "Ω", "Kk\u212a", "ſ"}
		for c := range 256 {
			texts = append(texts, string([]byte{byte(c)}), string(rune(c)), "a"+string(rune(c))+"b")
		}
		for _, text := range texts {
			if got := pattern.MatchString(text); got != want.MatchString(text) {
				t.Errorf("%s, %q: %t", expression, text, got)
			}
		}
	}
}

func TestPatternMatches(t *testing.T) {
	t.Parallel()
	p := service.NewPattern(`^[a-c]+$`)
	for text, want := range map[string]bool{"abc": true, "": false, "abd": false} {
		if p.MatchString(text) != want {
			t.Errorf("%q: not %v", text, want)
		}
	}
}
