package slack

import (
	"context"
	"hash/fnv"
	"sync"
)

// lane is how many deliveries may wait for one worker. What has no room stays
// in the Inbox until there is.
const lane = 64

// queue hands deliveries to a fixed number of workers. Those of one person go
// to the same worker, so they are worked on in their order.
type queue struct {
	lanes []chan *delivery
	work  func(ctx context.Context, d *delivery)
	// refill puts what is in the Inbox only.
	refill func()

	mu      sync.Mutex
	flying  map[string]bool // ids that wait or are worked on
	left    bool            // something has no room and is in the Inbox only
	waiting []chan struct{} // for the queue to be idle
}

func newQueue(workers int, work func(context.Context, *delivery), refill func()) *queue {
	q := &queue{work: work, refill: refill, flying: map[string]bool{}, lanes: make([]chan *delivery, workers)}
	for i := range q.lanes {
		q.lanes[i] = make(chan *delivery, lane)
	}
	return q
}

// put hands a delivery over, unless it is there already. It never waits.
func (q *queue) put(d *delivery) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(d.lane))
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.flying[d.id] {
		return
	}
	select {
	case q.lanes[int(h.Sum32()%uint32(len(q.lanes)))] <- d: //nolint:gosec // there are few lanes
		q.flying[d.id] = true
	default:
		q.left = true
	}
}

// start begins the workers and returns what ends them: after what each is at.
func (q *queue) start() (end func()) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for _, ch := range q.lanes {
		wg.Go(func() {
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
					q.work(context.Background(), d)
					q.landed(d)
					if q.more() {
						q.refill()
					}
				}
			}
		})
	}
	return func() {
		close(stop)
		wg.Wait()
	}
}

func (q *queue) landed(d *delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.flying, d.id)
	if len(q.flying) == 0 && !q.left {
		for _, ch := range q.waiting {
			close(ch)
		}
		q.waiting = nil
	}
}

// more reports, once, that there is something to be fetched from the Inbox,
// and room for it.
func (q *queue) more() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.left || len(q.flying) > len(q.lanes)*lane/2 {
		return false
	}
	q.left = false
	return true
}

func (q *queue) idle(ctx context.Context) error {
	for {
		q.mu.Lock()
		if len(q.flying) == 0 && !q.left {
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
