package cronline_test

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/cronline"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		line string
		week store.Week
		want string
	}{
		{"0 9 * * MON", 0, "weekly on Monday at 09:00"},
		{"30 8 * * 1-5", 0, "every weekday, Monday to Friday, at 08:30"},
		{"0 9 * * MON,WED,FRI", 0, "every Monday, Wednesday and Friday at 09:00"},
		{"0 9 * JAN,FEB MON", 0, "every Monday in Jan and Feb at 09:00"},
		{"0 9 * JAN MON-FRI", 0, "every weekday, Monday to Friday, in Jan at 09:00"},
		{"0 9 * * *", 0, "daily at 09:00"},
		{"0 9 1-31 * ?", 0, "daily at 09:00"},
		{"0 9 1 * 0-6", 0, "daily at 09:00"}, // either is enough, and the weekdays are all there are
		{"0 9 1-31 JUL TUE", 0, "every day in Jul at 09:00"},
		{"0 * * * *", 0, "daily every hour on the hour"},
		{"5 * * * *", 0, "daily every hour at 5 past"},
		{"15 8-17 * * MON", 0, "weekly on Monday every hour from 08:15 to 17:15"},
		{"0 9,17 * * *", 0, "daily at 09:00 and 17:00"},
		{"0 8-10 * * *", 0, "daily at 08:00, 09:00 and 10:00"},
		{"0 10 * JAN,APR,JUL,OCT TUE", 2, "quarterly, the second Tuesday of Jan, Apr, Jul and Oct at 10:00"},
		{"0 10 * 2/3 TUE", store.LastWeek, "quarterly, the last Tuesday of Feb, May, Aug and Nov at 10:00"},
		{"0 13 * MAY,NOV THU", 1, "twice a year, the first Thursday of May and Nov at 13:00"},
		{"0 13 * JAN,NOV THU", 1, "the first Thursday of Jan and Nov at 13:00"},
		{"0 10 * * WED", 1, "monthly, the first Wednesday of each month at 10:00"},
		{"0 10 * * TUE,THU", 3, "the third Tuesday and the third Thursday of each month at 10:00"},
		{"0 10 * JUN FRI", 4, "yearly, the fourth Friday of Jun at 10:00"},
		{"0 10 * */2 FRI", 4, "every two months, the fourth Friday of Jan, Mar, May, Jul, Sep and Nov at 10:00"},
		{"0 10 15 3,7,11 *", 0, "every four months, on the 15th of Mar, Jul and Nov at 10:00"},
		{"0 9 1 FEB *", 0, "yearly on 1 Feb at 09:00"},
		{"0 9 29 FEB *", 0, "in leap years on 29 Feb at 09:00"},
		{"0 9 1 * *", 0, "monthly, on the 1st of each month at 09:00"},
		{"0 9 31 * *", 0, "on the 31st of each month, where the month has that day, at 09:00"},
		{"0 9 31 JAN,JUL *", 0, "twice a year, on the 31st of Jan and Jul at 09:00"},
		{"0 9 1,15 * *", 0, "on the 1st and the 15th of each month at 09:00"},
		{"0 9 1-7 * TUE", 0, "on the 1st to the 7th of each month and on every Tuesday at 09:00"},
		{"0 9 13,22,23 JAN TUE", 0, "on the 13th, the 22nd and the 23rd of Jan and on every Tuesday in Jan at 09:00"},
	} {
		s, err := cronline.Parse(tt.line)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.Week(tt.week); err != nil {
			t.Fatal(err)
		}
		if got := s.Words(); got != tt.want {
			t.Errorf("%q week %d:\ngot  %s\nwant %s", tt.line, tt.week, got, tt.want)
		}
	}
	if got := (cronline.Schedule{}).Words(); got != "never" {
		t.Errorf("the zero schedule: %s", got)
	}
}

// firings sums up when a schedule fires in two years, the second a leap year.
func firings(s cronline.Schedule) uint64 {
	sum := fnv.New64a()
	end := time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := s.Next(time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)); at.Before(end); at = s.Next(at) {
		fmt.Fprintln(sum, at.Unix())
	}
	return sum.Sum64()
}

// Words that are the same for two schedules that are not would be wrong about
// one of them. So of all lines made of these fields, the same words go with the
// same times.
func TestTheSameWordsMeanTheSameTimes(t *testing.T) {
	means := map[string]uint64{}
	lines := 0
	for _, hour := range []string{"9", "9,17"} {
		for _, date := range []string{"*", "?", "1", "29", "31", "1,15", "1-7", "*/2", "1-31"} {
			for _, month := range []string{"*", "FEB", "JAN,JUL", "JAN,APR", "*/3", "1-12", "2/3"} {
				for _, day := range []string{"*", "MON", "MON-FRI", "SUN,SAT", "1-6", "0-6", "?"} {
					for week := range store.LastWeek + 1 {
						s, err := cronline.Parse("0 " + hour + " " + date + " " + month + " " + day)
						if err != nil {
							continue
						}
						if s, err = s.Week(week); err != nil {
							continue
						}
						lines++
						words, sum := s.Words(), firings(s)
						if before, ok := means[words]; ok && before != sum {
							t.Errorf("%q means two things", words)
						}
						means[words] = sum
					}
				}
			}
		}
	}
	t.Logf("%d lines, %d different words", lines, len(means))
}

// The same for lines at random, whose fields are lists: each word for word
// different set of numbers has its own words.
func TestWordsOfAnyLists(t *testing.T) {
	means := map[string]string{}
	rapid.Check(t, func(t *rapid.T) {
		list := func(label string, from, to int) (text, key string) {
			all := rapid.SliceOfNDistinct(rapid.IntRange(from, to), 1, to-from, rapid.ID[int]).Draw(t, label)
			words := make([]string, len(all))
			has := map[int]bool{}
			for i, n := range all {
				words[i], has[n] = strconv.Itoa(n), true
			}
			return strings.Join(words, ","), fmt.Sprint(has)
		}
		hours, hoursKey := list("hours", 0, 23)
		months, monthsKey := list("months", 1, 12)
		days, daysKey := list("days", 0, 6)
		s, err := cronline.Parse("7 " + hours + " * " + months + " " + days)
		if err != nil {
			t.Fatal(err)
		}
		key := hoursKey + monthsKey + daysKey
		if before, ok := means[s.Words()]; ok && before != key {
			t.Fatalf("%q is said of %s and of %s", s.Words(), key, before)
		}
		means[s.Words()] = key
	})
}
