package inbox

import (
	"context"
	"hash/fnv"
	"math"
	"sync"
	"time"
)

// lookEvery is how often a queue looks into its Inbox for what another process
// has left behind.
const lookEvery = 3 * time.Second

// finishIn is how long a worker may go on with what it is at once the queue is to
// end. Then its context ends; what isn't finished stays in the Inbox for another process.
const finishIn = 10 * time.Second

// room is how many deliveries may wait for one worker. What has no room stays
// in the Inbox until there is.
const room = 64

// Item is a delivery as an adapter has read it.
type Item interface {
	Key() string  // the delivery's id
	Lane() string // those of one lane are worked on in their order
	Seq() int64   // its place in the Inbox; 0 where it was just accepted
}

// Fill puts what the Inbox still has behind a place, in its order, as long as there
// is room for more. What waits already or is being worked on may be among it.
type Fill[T Item] func(after int64, put func(T) (more bool)) error

// Queue hands deliveries to a fixed number of workers. Those of one lane go to
// the same worker and are worked on in their order, also where there was no room
// for some of them.
type Queue[T Item] struct {
	work func(ctx context.Context, d T)
	fill Fill[T]

	filling sync.Mutex // one at a time

	mu      sync.Mutex
	workers []worker[T]
	flying  map[string]bool // ids that wait or are worked on
	fills   bool            // the Inbox is being read
	landed  map[string]bool // ids that were worked on while it was
	waiting []chan struct{} // for the queue to be idle
}

// worker is one of them. Once it had no room for a delivery, what comes after
// has to wait in the Inbox, too, or it would overtake.
type worker[T Item] struct {
	ch      chan T
	skipped bool // something of its own is in the Inbox only
	// reached is the place in the Inbox up to which all that is its own was put.
	reached int64

	// While the Inbox is read:
	wanted bool // it is looked there for what is its own
	met    bool // something new of its own came
}

// NewQueue makes a queue of so many workers. Work works on one delivery; fill is
// called when there is room again for what had none, and tells its own errors.
func NewQueue[T Item](workers int, work func(context.Context, T), fill Fill[T]) *Queue[T] {
	q := &Queue[T]{work: work, fill: fill, flying: map[string]bool{}, workers: make([]worker[T], workers)}
	for i := range q.workers {
		q.workers[i].ch = make(chan T, room)
	}
	return q
}

// Put hands over a delivery that the Inbox has just accepted. It never waits.
func (q *Queue[T]) Put(d T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w := q.of(d); q.fills {
		w.met = true // older ones may be on their way
	} else {
		q.put(w, d)
	}
}

func (q *Queue[T]) of(d T) *worker[T] {
	h := fnv.New32a()
	_, _ = h.Write([]byte(d.Lane()))
	return &q.workers[int(h.Sum32()%uint32(len(q.workers)))] //nolint:gosec // there are few workers
}

func (q *Queue[T]) put(w *worker[T], d T) {
	if w.skipped || q.flying[d.Key()] {
		return
	}
	select {
	case w.ch <- d:
		q.flying[d.Key()] = true
	default:
		w.skipped = true
	}
}

// Refill puts what the Inbox still has, by fill, until nothing that there is room
// for is left in it.
func (q *Queue[T]) Refill(fill Fill[T]) error {
	q.filling.Lock()
	defer q.filling.Unlock()
	for everybody := true; everybody || q.hungry(); everybody = false {
		if err := q.refill(fill, everybody); err != nil {
			return err
		}
	}
	return nil
}

// feed is Refill for those workers alone of whom something is in the Inbox only.
func (q *Queue[T]) feed() error {
	q.filling.Lock()
	defer q.filling.Unlock()
	for q.hungry() {
		if err := q.refill(q.fill, false); err != nil {
			return err
		}
	}
	return nil
}

// refill reads the Inbox for the workers that are hungry, or for everybody, until all
// of them are full or nothing is left. It begins where it has come to for them, so
// that a long backlog is not read whole again and again.
func (q *Queue[T]) refill(fill Fill[T], everybody bool) error {
	q.mu.Lock()
	q.fills, q.landed = true, map[string]bool{}
	open := 0 // how many of those wanted have room
	after := int64(math.MaxInt64)
	for i := range q.workers {
		w := &q.workers[i]
		if everybody {
			w.reached = 0
		}
		// Who has enough to do needs not be fed.
		if w.wanted = everybody || w.hungry(); w.wanted {
			open++
			after = min(after, w.reached)
			w.skipped = false
		}
	}
	q.mu.Unlock()
	err := fill(after, func(d T) (more bool) {
		q.mu.Lock()
		defer q.mu.Unlock()
		w := q.of(d)
		if !w.wanted || w.skipped || d.Seq() <= w.reached {
			return open > 0
		}
		if !q.landed[d.Key()] {
			q.put(w, d)
		}
		if w.skipped {
			open--
		} else {
			w.reached = d.Seq()
		}
		return open > 0
	})
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.workers {
		w := &q.workers[i]
		w.skipped = w.skipped || w.met || err != nil && w.wanted
		w.wanted, w.met = false, false
	}
	q.fills, q.landed = false, nil
	q.settle()
	return err
}

// hungry reports whether something is left in the Inbox only, and its worker
// has room for a good many.
func (q *Queue[T]) hungry() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.workers {
		if q.workers[i].hungry() {
			return true
		}
	}
	return false
}

// hungry reports whether something of a worker's is in the Inbox only, and it has
// room for a good many.
func (w *worker[T]) hungry() bool { return w.skipped && len(w.ch) <= room/2 }

// Run has the workers work until the context ends; what they are at is finished, or cut
// off after a time.
// It begins with what is left in the Inbox, and goes on looking there for what a
// process that ended has left. Meanwhile runs beside it, nil for nothing; its error
// ends Run.
func (q *Queue[T]) Run(ctx context.Context, in Inbox, fill Fill[T], meanwhile func(context.Context) error) error {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	end := q.Start(work)
	defer finish(context.WithoutCancel(ctx), in, end, cut)
	if _, err := in.Take(ctx); err != nil {
		return err
	}
	if err := q.Refill(fill); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	if meanwhile != nil {
		go func() { ended <- meanwhile(ctx) }()
	}
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			if meanwhile == nil {
				return nil
			}
			return <-ended
		case err := <-ended:
			return err
		case <-again.C:
			q.look(ctx, in)
		}
	}
}

// finish lets the workers finish what they are at. As long as that takes, the Inbox
// hears that this process has not ended: another would do the same once more.
func finish(ctx context.Context, in Inbox, end, cut func()) {
	defer cut()
	late := time.AfterFunc(finishIn, cut)
	defer late.Stop()
	ended := make(chan struct{})
	go func() {
		end()
		close(ended)
	}()
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		select {
		case <-ended:
			return
		case <-again.C:
			_, _ = in.Take(ctx) // the Inbox has told
		}
	}
}

// look takes over what another process has left. Whoever is idle looks through the
// Inbox as well: there may be something that could not be put away. What goes wrong is
// told by fill, and there is a next time.
func (q *Queue[T]) look(ctx context.Context, in Inbox) {
	some, err := in.Take(ctx)
	if err != nil {
		return
	}
	q.mu.Lock()
	idle := len(q.flying) == 0
	q.mu.Unlock()
	if some || idle {
		_ = q.Refill(q.fill)
	} else {
		_ = q.feed()
	}
}

// Start begins the workers and returns what ends them: after what each is at.
func (q *Queue[T]) Start(ctx context.Context) (end func()) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range q.workers {
		wg.Go(func() { q.run(ctx, q.workers[i].ch, stop) })
	}
	return func() {
		close(stop)
		wg.Wait()
	}
}

func (q *Queue[T]) run(ctx context.Context, ch chan T, stop chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		select {
		case <-stop:
			return
		case d := <-ch:
			q.work(ctx, d)
			q.done(d)
			if q.hungry() {
				_ = q.feed() // fill has told
			}
		}
	}
}

func (q *Queue[T]) done(d T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.flying, d.Key())
	if q.fills {
		q.landed[d.Key()] = true
	}
	q.settle()
}

// idle reports whether nothing waits anywhere.
func (q *Queue[T]) idle() bool {
	for i := range q.workers {
		if q.workers[i].skipped {
			return false
		}
	}
	return len(q.flying) == 0 && !q.fills
}

// settle lets go whoever waits for the queue to be idle, if it is.
func (q *Queue[T]) settle() {
	if !q.idle() {
		return
	}
	for _, ch := range q.waiting {
		close(ch)
	}
	q.waiting = nil
}

// Idle waits until everything that was put is worked on, or ctx ends.
func (q *Queue[T]) Idle(ctx context.Context) error {
	for {
		q.mu.Lock()
		if q.idle() {
			q.mu.Unlock()
			return nil
		}
		ch := make(chan struct{})
		q.waiting = append(q.waiting, ch)
		q.mu.Unlock()
		select {
		case <-ch:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
