package teams

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "draw the icons and write the manifest anew")

// The mark is two rings that hold each other, over and under: two teams, one
// rhythm. Lengths are in the side of the icon.
const (
	apart = 0.135 // of the rings' middles from the icon's
	gap   = 0.022 // where one passes under the other
	fine  = 8     // samples of a pixel, each way
)

var (
	ground = color.NRGBA{0x1f, 0x3a, 0x5f, 0xff}
	left   = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	right  = color.NRGBA{0x6f, 0xcf, 0xb8, 0xff}
	none   = color.NRGBA{}
)

// at returns the colour of a point: the left ring passes over at the top, the
// right one at the bottom.
func at(x, y, radius, width float64, l, r, under color.NRGBA) color.NRGBA {
	reach := func(cx, more float64) bool { return math.Abs(math.Hypot(x-cx, y-0.5)-radius) < width/2+more }
	type ring struct {
		middle float64
		c      color.NRGBA
	}
	over, below := ring{0.5 - apart, l}, ring{0.5 + apart, r}
	if y > 0.5 {
		over, below = below, over
	}
	switch {
	case reach(over.middle, 0):
		return over.c
	case reach(below.middle, 0) && !reach(over.middle, gap):
		return below.c
	}
	return under
}

// draw draws the mark. Sub-samples are averaged, the transparent ones as nothing.
func draw(side int, radius, width float64, l, r, under color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for py := range side {
		for px := range side {
			var red, green, blue, alpha int
			for i := range fine * fine {
				x := (float64(px) + (float64(i%fine)+0.5)/fine) / float64(side)
				y := (float64(py) + (float64(i/fine)+0.5)/fine) / float64(side)
				c := at(x, y, radius, width, l, r, under)
				a := int(c.A)
				red, green, blue, alpha = red+int(c.R)*a, green+int(c.G)*a, blue+int(c.B)*a, alpha+a
			}
			if alpha > 0 {
				img.SetNRGBA(px, py, color.NRGBA{uint8(red / alpha), uint8(green / alpha), uint8(blue / alpha), uint8(alpha / (fine * fine))}) //nolint:gosec // averages of bytes
			}
		}
	}
	return img
}

// The icons that are committed are the ones that are drawn here.
func TestIcons(t *testing.T) {
	for name, want := range map[string]*image.NRGBA{
		"color.png":   draw(192, 0.215, 0.088, left, right, ground),
		"outline.png": draw(32, 0.26, 0.105, left, left, none),
	} {
		if *update {
			var b bytes.Buffer
			if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, want); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(data))
		if err != nil || got.Bounds() != want.Bounds() {
			t.Fatalf("%s: %v, %v", name, got.Bounds(), err)
		}
		for y := range want.Rect.Dy() {
			for x := range want.Rect.Dx() {
				c := color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA)
				if c != want.NRGBAAt(x, y) {
					t.Fatalf("%s is not what is drawn, at %d, %d", name, x, y)
				}
				if name == "outline.png" && c.A > 0 && (c.R != 255 || c.G != 255 || c.B != 255) {
					t.Fatalf("the outline is not white at %d, %d", x, y)
				}
				if name == "color.png" && c.A != 255 {
					t.Fatalf("the colour icon is transparent at %d, %d", x, y)
				}
			}
		}
	}
}
