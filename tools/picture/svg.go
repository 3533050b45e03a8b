package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// Sizes in the picture, in its own units.
const (
	letterWidth = 8
	lineHeight  = 19
	margin      = 18
	barHeight   = 34
)

// looks are the classes of lines.
const looks = `
  .window { fill: #12161d; }
  .bar { fill: #1d2430; }
  .name { fill: #8b97a8; }
  text { font: 13.3px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
  .plain { fill: #d5dbe5; }
  .title { fill: #ffffff; font-weight: bold; }
  .remark { fill: #67c7d4; }
  .command { fill: #ffffff; font-weight: bold; }
  .refusal { fill: #ff8577; }
  .why { fill: #f2c55c; }
  .left { fill: #6b7686; }
`

// draw makes an SVG image of a terminal. Letters keep their columns whichever font the viewer has.
func draw(name string, lines []line) []byte {
	width, height := columns*letterWidth+2*margin, barHeight+len(lines)*lineHeight+2*margin
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<style>%s</style>\n", escaped("A terminal after "+name), looks)
	fmt.Fprintf(&b, `<rect class="window" width="%d" height="%d" rx="8"/>`+"\n", width, height)
	fmt.Fprintf(&b, `<path class="bar" d="M0 %d V8 a8 8 0 0 1 8 -8 H%d a8 8 0 0 1 8 8 V%d Z"/>`+"\n", barHeight, width-8, barHeight)
	for i, colour := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="6" fill="%s"/>`+"\n", margin+2+20*i, barHeight/2, colour)
	}
	fmt.Fprintf(&b, `<text class="name" x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", width/2, barHeight/2+5, escaped(name))
	for i, l := range lines {
		if l.text == "" {
			continue
		}
		y := barHeight + margin + i*lineHeight + lineHeight*3/4
		fmt.Fprintf(&b, `<text class="%s" x="%d" y="%d" textLength="%d" xml:space="preserve">%s</text>`+"\n",
			l.style, margin, y, len([]rune(l.text))*letterWidth, escaped(l.text))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
