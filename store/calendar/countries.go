package calendar

import (
	"slices"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// countries are the calendars by name.
var countries = map[string]*country{
	"us-federal": {holidays: us.Holidays},
	"ar":         {holidays: ar.Holidays},
	"at":         {holidays: at.Holidays},
	"be":         {holidays: be.Holidays},
	"bg":         {holidays: bg.Holidays},
	"br":         {holidays: br.Holidays},
	"ca":         {holidays: ca.Holidays},
	"cz":         {holidays: cz.Holidays},
	"de":         {holidays: de.Holidays},
	"dk":         {holidays: dk.Holidays},
	"es":         {holidays: es.Holidays},
	"fr":         {holidays: fr.Holidays},
	"gb":         {holidays: gb.Holidays},
	"gr":         {holidays: gr.Holidays},
	"hr":         {holidays: hr.Holidays},
	"ie":         {holidays: ie.Holidays},
	"it":         {holidays: it.Holidays},
	"jp":         {holidays: jp.Holidays},
	"lt":         {holidays: lt.Holidays},
	"lv":         {holidays: lv.Holidays},
	"mw":         {holidays: mw.Holidays},
	"nc":         {holidays: nc.Holidays},
	"nl":         {holidays: nl.Holidays},
	"no":         {holidays: no.Holidays},
	"nz":         {holidays: nz.Holidays},
	"pl":         {holidays: pl.Holidays},
	"ro":         {holidays: ro.Holidays},
	"ru":         {holidays: ru.Holidays},
	"se":         {holidays: se.Holidays},
	"si":         {holidays: si.Holidays},
	"sk":         {holidays: sk.Holidays},
	"ua":         {holidays: ua.Holidays},
	"us":         {holidays: us.Holidays},
	"za":         {holidays: za.Holidays},

	// The library has no national list for Australia, and its list for Switzerland
	// holds the days of every canton; the days that all of them keep are national.
	"au": {holidays: append(common(australia), au.AnzacDay, au.BoxingDay)},
	"ch": {holidays: common(switzerland)},

	"au-act": {holidays: au.HolidaysACT},
	"au-nsw": {holidays: au.HolidaysNSW},
	"au-nt":  {holidays: au.HolidaysNT},
	"au-qld": {holidays: au.HolidaysQLD},
	"au-sa":  {holidays: au.HolidaysSA},
	"au-tas": {holidays: au.HolidaysTAS},
	"au-vic": {holidays: au.HolidaysVIC},
	"au-wa":  {holidays: au.HolidaysWA},

	"ch-zh": {holidays: ch.HolidaysZH},
	"ch-be": {holidays: ch.HolidaysBE},
	"ch-lu": {holidays: ch.HolidaysLU},
	"ch-ur": {holidays: ch.HolidaysUR},
	"ch-sz": {holidays: ch.HolidaysSZ},
	"ch-ow": {holidays: ch.HolidaysOW},
	"ch-nw": {holidays: ch.HolidaysNW},
	"ch-gl": {holidays: ch.HolidaysGL},
	"ch-zg": {holidays: ch.HolidaysZG},
	"ch-fr": {holidays: ch.HolidaysFR},
	"ch-so": {holidays: ch.HolidaysSO},
	"ch-bs": {holidays: ch.HolidaysBS},
	"ch-bl": {holidays: ch.HolidaysBL},
	"ch-sh": {holidays: ch.HolidaysSH},
	"ch-ar": {holidays: ch.HolidaysAR},
	"ch-ai": {holidays: ch.HolidaysAI},
	"ch-sg": {holidays: ch.HolidaysSG},
	"ch-gr": {holidays: ch.HolidaysGR},
	"ch-ag": {holidays: ch.HolidaysAG},
	"ch-tg": {holidays: ch.HolidaysTG},
	"ch-vd": {holidays: ch.HolidaysVD},
	"ch-ti": {holidays: ch.HolidaysTI},
	"ch-vs": {holidays: ch.HolidaysVS},
	"ch-ne": {holidays: ch.HolidaysNE},
	"ch-ge": {holidays: ch.HolidaysGE},
	"ch-ju": {holidays: ch.HolidaysJU},

	"de-bw": {holidays: de.HolidaysBW},
	"de-by": {holidays: de.HolidaysBY},
	"de-be": {holidays: de.HolidaysBE},
	"de-bb": {holidays: de.HolidaysBB},
	"de-hb": {holidays: de.HolidaysHB},
	"de-hh": {holidays: de.HolidaysHH},
	"de-he": {holidays: de.HolidaysHE},
	"de-mv": {holidays: de.HolidaysMV},
	"de-ni": {holidays: de.HolidaysNI},
	"de-nw": {holidays: de.HolidaysNW},
	"de-rp": {holidays: de.HolidaysRP},
	"de-sl": {holidays: de.HolidaysSL},
	"de-sn": {holidays: de.HolidaysSN},
	"de-st": {holidays: de.HolidaysST},
	"de-sh": {holidays: de.HolidaysSH},
	"de-th": {holidays: de.HolidaysTH},
}

var australia = [][]*cal.Holiday{
	au.HolidaysACT, au.HolidaysNSW, au.HolidaysNT, au.HolidaysQLD, au.HolidaysSA, au.HolidaysTAS,
	au.HolidaysVIC, au.HolidaysWA,
}

var switzerland = [][]*cal.Holiday{
	ch.HolidaysZH, ch.HolidaysBE, ch.HolidaysLU, ch.HolidaysUR, ch.HolidaysSZ, ch.HolidaysOW,
	ch.HolidaysNW, ch.HolidaysGL, ch.HolidaysZG, ch.HolidaysFR, ch.HolidaysSO, ch.HolidaysBS,
	ch.HolidaysBL, ch.HolidaysSH, ch.HolidaysAR, ch.HolidaysAI, ch.HolidaysSG, ch.HolidaysGR,
	ch.HolidaysAG, ch.HolidaysTG, ch.HolidaysVD, ch.HolidaysTI, ch.HolidaysVS, ch.HolidaysNE,
	ch.HolidaysGE, ch.HolidaysJU,
}

// common returns the holidays that stand on every list.
func common(lists [][]*cal.Holiday) []*cal.Holiday {
	var shared []*cal.Holiday
	for _, h := range lists[0] {
		if !slices.ContainsFunc(lists, func(list []*cal.Holiday) bool { return !slices.Contains(list, h) }) {
			shared = append(shared, h)
		}
	}
	return shared
}
