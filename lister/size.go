package lister

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/docker/go-units"
)

// go-units has two traps, and this is the only place that knows them: it prints 999.6 MB as "1e+03MB",
// and it reads GiB as GB, and values past an int64 as anything.

// ErrSize is what an invalid size fails with.
var ErrSize = errors.New("not a size")

// ParseSize reads a size as people write it, in bytes: "100MB" and "1.5gb" in powers of 1000,
// "1.5GiB" in powers of 1024, "123" in bytes. A fraction of a byte is cut. Its errors wrap [ErrSize].
func ParseSize(text string) (int64, error) {
	// Compiled here: most runs read no size at all.
	m := regexp.MustCompile(`^(\d+|\d*\.\d+) ?(?:([kmgtpe])(i?))?b?$`).FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return 0, fmt.Errorf("%w: %q", ErrSize, text)
	}
	base := big.NewRat(units.KB, 1)
	if m[3] != "" {
		base = big.NewRat(units.KiB, 1)
	}
	exact, _ := new(big.Rat).SetString(m[1])
	for range strings.Index(" kmgtpe", m[2]) { // 0 without a letter
		exact.Mul(exact, base)
	}
	whole := new(big.Int).Quo(exact.Num(), exact.Denom())
	if !whole.IsInt64() {
		return 0, fmt.Errorf("%w: %q is more than %s", ErrSize, text, HumanSize(math.MaxInt64, 3))
	}
	return whole.Int64(), nil
}

// HumanSize formats bytes in decimal units with this number of significant digits: 133MB, 22.1MB. It is
// what docker prints, but never in exponent notation: 999.6 MB is 1GB. Less than 0 is "N/A".
func HumanSize(bytes int64, digits int) string {
	if bytes < 0 {
		return unknown
	}
	text := units.HumanSizeWithPrecision(float64(bytes), digits)
	if !strings.HasPrefix(text, "1e+") && !strings.HasPrefix(text, "1000") {
		return text
	}
	// Rounding reached the next unit: round first, and the unit follows.
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(float64(bytes), 'e', digits-1, 64), 64)
	return units.HumanSizeWithPrecision(rounded, digits)
}
