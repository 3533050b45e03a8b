package tour

import (
	_ "embed"
	"strings"
)

// A Document is one of the documents that are played.
type Document struct {
	Title  string
	Source string // where it was published
	Blocks []Block
}

// A Block is a shell block of a document.
type Block struct {
	Text    string // what is said before it, one line for each paragraph
	Shell   string // what is typed
	Printed string // what the document says that this prints; ids and times are examples
}

var (
	//go:embed boundary.md
	boundary string
	//go:embed delegation.md
	delegation string
)

// Documents returns the documents in the order in which they are played.
func Documents() []Document { return []Document{parse(boundary), parse(delegation)} }

const fence = "```"

// parse reads a document: a title, a line that says where it is from, and blocks with the paragraphs before them.
func parse(text string) Document {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	d := Document{Title: strings.TrimLeft(lines[0], "# ")}
	var said []string
	for at := 1; at < len(lines); at++ {
		line := lines[at]
		if !strings.HasPrefix(line, fence) {
			said = append(said, line)
			continue
		}
		end := at + 1
		for end < len(lines) && lines[end] != fence {
			end++
		}
		inside := strings.Join(lines[at+1:min(end, len(lines))], "\n")
		if line == fence && len(d.Blocks) > 0 {
			d.Blocks[len(d.Blocks)-1].Printed = inside
		} else {
			d.Blocks = append(d.Blocks, Block{Text: paragraphs(said), Shell: inside})
		}
		said, at = nil, end
	}
	if len(d.Blocks) > 0 { // the first paragraph is about the document as a whole
		d.Source, d.Blocks[0].Text, _ = strings.Cut(d.Blocks[0].Text, "\n")
	}
	return d
}

// paragraphs makes one line of each paragraph.
func paragraphs(lines []string) string {
	var out []string
	for p := range strings.SplitSeq(strings.Join(lines, "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, strings.ReplaceAll(p, "\n", " "))
		}
	}
	return strings.Join(out, "\n")
}
