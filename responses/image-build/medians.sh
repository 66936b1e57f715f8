#!/usr/bin/env bash
# Prints the median of each case: medians.sh <times. A line of it is: inefficient|efficient CASE SECONDS
sort -k1,2 -k3n | awk '
  function print_median() { if (n) printf "%s %.0f of %d\n", last, n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2, n }
  { key = $1 " " $2; if (key != last) { print_median(); n = 0; last = key } v[++n] = $3 }
  END { print_median() }'
