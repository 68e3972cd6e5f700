"""Statistics of few paired infants: intervals, p values, effect sizes, and how many are needed.

The unit is the infant (a seed), never the episode or the time step, and arms are compared within
the same infant. Verdicts rest on the interval that covers the t and the bootstrap interval, and on
p values corrected for the number of comparisons, for a difference and for equivalence alike. The
sign-flip p value and the Hodges-Lehmann interval stand beside them and take no bell shape.

What scipy has is taken from it. Holm's correction, the two one-sided tests of equivalence, Hedges'
g with its noncentral interval and the inversion of the signed-rank test are written out here: a few
lines each, tested against their sources, and no reason to depend on statsmodels or pingouin.
"""
