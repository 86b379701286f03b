package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// What an idle one holds, of the program itself.
func TestServeMemory(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("it builds the program and reads /proc")
	}
	f := figuresOf(t, 1)
	t.Log(f)
	if f.residentKiB > 40<<10 {
		t.Errorf("%d KiB are resident", f.residentKiB)
	}
}

// BenchmarkServe is the way from the start to being ready with a filled store, and
// what an idle one holds.
func BenchmarkServe(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("it reads /proc")
	}
	for b.Loop() {
		f := figuresOf(b, 1000)
		b.ReportMetric(float64(f.ready.Microseconds())/1000, "ms/ready")
		b.ReportMetric(float64(f.residentKiB)/1024, "MB/resident")
		b.ReportMetric(0, "ns/op")
		b.Log(f)
	}
}

type figures struct {
	engagements  int
	ready, first time.Duration // after a start; the first time all that was imported is swept as well
	residentKiB  int
}

// String says them.
func (f figures) String() string {
	return fmt.Sprintf("%d engagements: ready %v after the start (the first time, with all to be swept, %v), idle %.1f MB resident",
		f.engagements, f.ready.Round(time.Millisecond), f.first.Round(time.Millisecond), float64(f.residentKiB)/1024)
}

// figuresOf builds the program and measures it over a store of n engagements.
func figuresOf(tb testing.TB, n int) figures {
	tb.Helper()
	program := filepath.Join(tb.TempDir(), realTandem)
	if out, err := exec.Command("go", "build", "-trimpath", "-o", program, ".").CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	dir := servedFolder(tb, servedConfig, n)
	stop := func(s *served) {
		s.signal(syscall.SIGTERM)
		if err := s.end(); err != nil {
			tb.Fatal(err)
		}
	}
	s := serveBy(tb, dir, program)
	f := figures{engagements: n, first: s.ready(), ready: time.Hour}
	stop(s)
	for range 3 {
		s := serveBy(tb, dir, program)
		f.ready = min(f.ready, s.ready())
		time.Sleep(200 * time.Millisecond)
		f.residentKiB = max(f.residentKiB, residentKiB(tb, s.cmd.Process.Pid))
		stop(s)
	}
	return f
}

func residentKiB(tb testing.TB, pid int) int {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		tb.Fatal("no VmRSS")
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		tb.Fatal(err)
	}
	return n
}
