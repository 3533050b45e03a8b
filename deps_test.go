// Package ambit_test decides which room may know which: it holds the arrows
// between the packages of this module, with the reason beside each.
package ambit_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ambit-iam/ambit"

// A room is a package and the packages below it, unless those are rooms of
// their own. It may import the standard library, the rooms it names, and what
// those may import; nothing else of this module. A name that ends in "/*"
// stands for every folder there, each a room that must not know its siblings.
type room struct {
	name string
	may  []string
	pure bool // see impure
	why  string
}

// rooms has the arrows of the house. Rooms that are not built yet have their
// line already, so that their first import is judged.
var rooms = []room{
	{name: "arn", pure: true,
		why: "a name is text; what it names does not depend on anything"},
	{name: "policy", may: []string{"arn"}, pure: true,
		why: "the judgement is a pure function that anybody can embed; the same input gives the same decision, forever"},
	{name: "catalog", may: []string{"arn"}, pure: true,
		why: "facts about AWS do not depend on how they are judged or served"},
	{name: "catalog/operation", may: []string{"catalog"}, pure: true,
		why: "the table is data that server, analysis and documentation share; whoever imported one of them could not be shared by the others"},
	{name: "analysis", may: []string{"policy", "catalog/operation"}, pure: true,
		why: "proofs are about the rows and documents themselves, not about a running server"},

	{name: "internal/wire",
		why: "bytes in, values out; a codec that knew permissions would be a second door"},
	{name: "internal/sigv4",
		why: "a signature is valid or not, whoever holds the key and whatever they may do"},
	{name: "internal/store",
		why: "records are bytes to the store, so that one suite can judge every engine"},
	{name: "internal/item", may: []string{"internal/store"},
		why: "items, keys and expressions are the same whoever asks and in which protocol"},
	{name: "internal/metadata",
		why: "what an instance is told of itself hangs on facts that are handed to it; it knows neither permissions nor the store"},
	{name: "internal/identity", may: []string{"arn", "policy", "internal/sigv4", "internal/store"},
		why: "who somebody is does not depend on what they ask for or in which protocol; AWS's managed policies are handed to it"},
	{name: "internal/authz", may: []string{"policy", "internal/identity", "catalog"},
		why: "a decision knows callers and documents, not protocols and not services"},
	{name: "internal/audit", may: []string{"policy", "internal/identity", "catalog"},
		why: "what is written down is what was decided, in no protocol's spelling"},
	{name: "internal/function",
		why: "running code is a matter of processes; whose permissions it has and where its output goes is handed to it"},
	{name: "internal/service", may: []string{"internal/wire", "internal/authz", "catalog/operation"},
		why: "every operation is a row with questions; a service gets no other way to the store or the engine"},
	{name: "internal/service/*", may: []string{"internal/service", "analysis", "internal/item", "internal/metadata"},
		why: "services never import each other: one asks another through the same door as a client, as the caller it acts for"},
	{name: "internal/front", may: []string{"internal/service", "internal/audit"},
		why: "the order of the steps is the same for all services; the front must not be able to know one of them"},
	{name: "internal/console",
		why: "the console is a client like any other: no private door"},
	{name: "internal/server", may: []string{"internal/front", "internal/service/*", "internal/console", "internal/function"},
		why: "assembly: the one place that knows all of them"},
	{name: "ambittest", may: []string{"internal/server"},
		why: "a whole server inside somebody's test"},
	{name: "internal/vector", may: []string{"policy"},
		why: "vectors judge the engine alone; what the server adds is judged by clients"},
	{name: "internal/tour",
		why: "a reader with a shell and an AWS CLI: it knows one server's address and nothing of servers"},
	{name: "internal/app", may: []string{"policy", "catalog", "analysis"},
		why: "an ordinary AWS client that knows no server room"},
	{name: "cmd/ambit", may: []string{"internal/server", "internal/tour", "internal/app", "analysis", "internal/vector"},
		why: "flags and output; what it knows of the server comes through the assembly"},

	{name: "test/oracle",
		why: "an oracle that shares code with what it judges shares its mistakes"},
	{name: "test/differential", may: []string{"policy", "internal/vector", "test/oracle"},
		why: "it runs engine and oracle side by side, and only there may the two meet"},
	{name: "test/port", why: "an address is the same for whoever listens on it"},
	{name: "test/load", may: []string{"policy", "internal/wire", "internal/sigv4"},
		why: "the yardstick does the same work as the server without being the server"},
	{name: "test/conformance", why: "it takes an endpoint, so that AWS itself can be judged by it"},
	{name: "test/walkthrough", why: "it runs the built command as a user would"},
	{name: "tools/catalog", may: []string{"catalog"}, why: "generators write data and know only its shape"},
	{name: "tools/bench", why: "it reads what go test prints"},
	{name: "tools/picture", why: "it draws what the command prints"},
	{name: "tools/coverage", may: []string{"internal/server"}, why: "the list of what is served is asked of the assembly"},
}

// A dependency is a module outside of this one, with the rooms that may import
// it: their names are prefixes of package paths.
type dependency struct {
	module string
	rooms  []string
	why    string
}

var dependencies = []dependency{
	{"github.com/spf13/cobra", []string{"cmd/ambit"}, "the command line"},
	{"go.etcd.io/bbolt", []string{"internal/store/bolt"}, "the embedded store engine"},
	{"golang.org/x/crypto", []string{"internal/identity"}, "XChaCha20-Poly1305, which seals session tokens, and Argon2id, which hashes passwords"},
	{"golang.org/x/sys", []string{"internal/function"}, "the calls of Linux that keep functions contained: Landlock, seccomp, mount namespaces, process groups"},
	{"github.com/prometheus/client_golang", []string{"internal/server"}, "GET /metrics"},
	{"github.com/aws/aws-sdk-go-v2/service/iam", []string{"internal/service/iam"}, "the shapes of IAM's inputs and outputs"},
	{"github.com/aws/aws-sdk-go-v2/service/sts", []string{"internal/service/sts"}, "the shapes of STS's inputs and outputs"},
	{"rsc.io/qr", []string{"internal/service/iam"}, "the picture of a virtual MFA device, which authenticator apps read"},
	{"github.com/aws/aws-sdk-go-v2/aws", []string{"cmd/ambit", "ambittest", "internal/tour"}, "the signatures of our own calls, and the configuration of clients in somebody's test"},
	{"github.com/google/go-cmp", []string{"internal/store/storetest"}, "differences in the store's suite"},
	{"pgregory.net/rapid", []string{"internal/store/storetest"}, "the model test of the store's suite"},
}

// impure are the packages of the standard library that touch the world; a pure
// room thinks and does nothing else.
var impure = []string{
	"os", "os/exec", "os/signal", "os/user", "io/ioutil", "net", "net/http", "log", "log/slog", "log/syslog",
	"math/rand", "math/rand/v2", "crypto/rand", "syscall", "plugin", "database/sql", "testing", "unsafe",
}

// clock are the functions of package time that ask what time it is, or wait.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func TestArrows(t *testing.T) {
	t.Parallel()
	graph := readImports(t)
	if len(graph) < 5 {
		t.Fatalf("found only %d packages", len(graph))
	}
	for _, complaint := range check(graph) {
		t.Error(complaint)
	}
}

// TestDependenciesAreUsed holds that no room keeps a licence it does not need.
func TestDependenciesAreUsed(t *testing.T) {
	t.Parallel()
	graph := readImports(t)
	for _, d := range dependencies {
		if d.why == "" {
			t.Errorf("%s: no reason", d.module)
		}
		for _, name := range d.rooms {
			used := false
			for pkg, imports := range graph {
				used = used || within(pkg, name) && slices.ContainsFunc(imports, func(to string) bool { return within(to, d.module) })
			}
			if !used {
				t.Errorf("%s does not import %s", name, d.module)
			}
		}
	}
}

// TestCheck proves that a forbidden arrow is found.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		want     string // part of the complaint; "" where the arrow is allowed
	}{
		{"arn", "strings", ""},
		{"policy", "arn", ""},
		{"arn", "policy", "a name is text"},
		{"policy", "catalog", "the judgement is a pure function"},
		{"policy", "time.Now", "asks the clock"},
		{"policy", "net/netip", ""},
		{"policy", "os", "touches the world"},
		{"policy", "github.com/google/go-cmp/cmp", "no room imports github.com/google/go-cmp/cmp from here"},
		{"catalog/operation", "arn", ""},
		{"catalog/operation", "policy", "the table is data"},
		{"internal/wire", "policy", "a second door"},
		{"internal/store/bolt", "internal/store", ""},
		{"internal/store/bolt", "internal/store/commit", ""},
		{"internal/store", "internal/identity", "records are bytes"},
		{"internal/authz", "internal/store", ""},
		{"internal/authz", "internal/wire", "not protocols"},
		{"internal/authz", "net/http", ""},
		{"internal/service/iam", "internal/store", ""},
		{"internal/service/iam", "internal/service/sts", "services never import each other"},
		{"internal/service/iam", "internal/front", "services never import each other"},
		{"internal/service/ec2", "github.com/aws/aws-sdk-go-v2/service/ec2", "no room imports"},
		{"internal/service/iam", "github.com/aws/aws-sdk-go-v2/service/iam/types", ""},
		{"internal/service", "internal/service/iam", "every operation is a row"},
		{"internal/front", "internal/service/iam", "the order of the steps"},
		{"internal/server", "internal/service/iam", ""},
		{"internal/app", "internal/server", "ordinary AWS client"},
		{"cmd/ambit", "internal/server", ""},
		{"test/oracle", "policy", "shares its mistakes"},
		{"policy", "test/oracle", "the judgement is a pure function"},
		{"internal/helpers", "strings", "is no room yet"},
	} {
		got := check(map[string][]string{tt.from: {tt.to}})
		switch {
		case tt.want == "" && len(got) > 0:
			t.Errorf("%s -> %s: complaint about an allowed arrow: %s", tt.from, tt.to, got)
		case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
			t.Errorf("%s -> %s: got %q, want one complaint with %q", tt.from, tt.to, got, tt.want)
		}
	}
}

// TestRoomsAreSound holds the table itself to account: every name in it is a
// room, pure rooms know pure rooms only, and no arrow closes a circle.
func TestRoomsAreSound(t *testing.T) {
	t.Parallel()
	for _, r := range rooms {
		if r.why == "" {
			t.Errorf("%s: no reason", r.name)
		}
		for name := range reach(r) {
			other, ok := named(name)
			switch {
			case !ok:
				t.Errorf("%s may import %s, which is no room", r.name, name)
			case other.name == r.name:
				t.Errorf("%s may import itself in a circle", r.name)
			case r.pure && !other.pure:
				t.Errorf("%s is pure and may import %s, which is not", r.name, name)
			}
		}
	}
}

// check returns a complaint for every import that no arrow allows. Packages of
// this module are named relative to it; so that the clock can be judged like
// an import, a use of it is written "time.Now".
func check(graph map[string][]string) []string {
	var out []string
	for _, from := range slices.Sorted(maps.Keys(graph)) {
		r, own, ok := roomOf(from)
		if !ok {
			out = append(out, from+" is no room yet: draw its arrows in deps_test.go first")
			continue
		}
		for _, to := range graph[from] {
			if why := forbidden(from, r, own, to); why != "" {
				out = append(out, fmt.Sprintf("%s imports %s: %s", from, to, why))
			}
		}
	}
	return out
}

// forbidden says why package from, in room r whose folder is own, must not
// import to; it returns "" where it may.
func forbidden(from string, r room, own, to string) string {
	if other, folder, ok := roomOf(to); ok {
		if folder == own || reach(r)[other.name] {
			return ""
		}
		return r.why
	}
	switch {
	case r.pure && slices.Contains(impure, to):
		return "touches the world, and a pure room does not: " + r.why
	case r.pure && strings.HasPrefix(to, "time."):
		return "asks the clock, and a pure room does not: " + r.why
	case !strings.Contains(strings.Split(to, "/")[0], ".") || strings.HasPrefix(to, "time."):
		return "" // the standard library
	}
	for _, d := range dependencies {
		if within(to, d.module) && slices.ContainsFunc(d.rooms, func(name string) bool { return within(from, name) }) {
			return ""
		}
	}
	return fmt.Sprintf("no room imports %s from here: a dependency is a decision, see dependencies in deps_test.go", to)
}

// roomOf finds the room of a package and the room's folder.
func roomOf(pkg string) (r room, folder string, ok bool) {
	best := ""
	for _, candidate := range rooms {
		folder := candidate.name
		if parent, every := strings.CutSuffix(candidate.name, "/*"); every {
			rest, below := strings.CutPrefix(pkg, parent+"/")
			if !below {
				continue
			}
			folder = path.Join(parent, strings.Split(rest, "/")[0])
		}
		if within(pkg, folder) && len(folder) > len(best) {
			r, best, ok = candidate, folder, true
		}
	}
	return r, best, ok
}

func named(name string) (room, bool) {
	i := slices.IndexFunc(rooms, func(r room) bool { return r.name == name })
	if i < 0 {
		return room{}, false
	}
	return rooms[i], true
}

// reach returns the names of all rooms that r may import.
func reach(r room) map[string]bool {
	seen := map[string]bool{}
	var walk func(room)
	walk = func(r room) {
		for _, name := range r.may {
			if seen[name] {
				continue
			}
			seen[name] = true
			if next, ok := named(name); ok {
				walk(next)
			}
		}
	}
	walk(r)
	return seen
}

func within(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

// readImports reads what every package of the module imports, on all
// platforms, test files left out: tests may know more than what they test.
func readImports(t *testing.T) map[string][]string {
	t.Helper()
	graph := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		imports, err := importsOf(name)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(name))
		graph[pkg] = append(graph[pkg], imports...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range graph {
		slices.Sort(graph[pkg])
		graph[pkg] = slices.Compact(graph[pkg])
	}
	return graph
}

// importsOf reads the imports of one file, and its uses of the clock.
func importsOf(name string) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []string
	timeIs := ""
	for _, spec := range f.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if to == "time" {
			timeIs = "time"
			if spec.Name != nil {
				timeIs = spec.Name.Name
			}
		}
		out = append(out, strings.TrimPrefix(to, module+"/"))
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == cmp.Or(timeIs, "-") && slices.Contains(clock, s.Sel.Name) {
				out = append(out, "time."+s.Sel.Name)
			}
		}
		return true
	})
	return out, nil
}
