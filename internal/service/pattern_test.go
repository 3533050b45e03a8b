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

func TestPatternMatches(t *testing.T) {
	t.Parallel()
	p := service.NewPattern(`^[a-c]+$`)
	for text, want := range map[string]bool{"abc": true, "": false, "abd": false} {
		if p.MatchString(text) != want {
			t.Errorf("%q: not %v", text, want)
		}
	}
}
