package dev.flopscope.observe;

import dev.flopscope.count.MatmulSite;
import java.util.SplittableRandom;

/** Groups of four rows of a matrix, with a factor for each row: all of them, or some that are chosen at random. */
final class RowSample {
    /** Rows of a group; the last may have fewer. */
    static final int ROWS = 4;

    private final int[] groups;
    private final float[] factors;

    private RowSample(int[] groups, float[] factors) {
        this.groups = groups;
        this.factors = factors;
    }

    /** All rows, with these factors. */
    static RowSample all(float[] factors) {
        int[] groups = new int[(factors.length + ROWS - 1) / ROWS];
        for (int group = 0; group < groups.length; group++) {
            groups[group] = group;
        }
        return new RowSample(groups, factors);
    }

    /**
     * Random groups with random signs, always the same for one seed and one site.
     *
     * @param share the part of the groups that is chosen, more than 0 and at most 1; a group more if that is no whole number
     */
    static RowSample of(long seed, MatmulSite site, int rows, double share) {
        RowSample all = all(Signs.of(seed, site, rows));
        int count = all.groups.length;
        int wanted = (int) Math.ceil(count * share);
        if (wanted >= count) {
            return all;
        }
        SplittableRandom random = Signs.random(~seed, site);
        int[] chosen = new int[wanted];
        int found = 0;
        for (int group = 0; found < wanted; group++) {
            // Knuth's selection sampling: each choice of so many groups is as likely as any other.
            if (random.nextInt(count - group) < wanted - found) {
                chosen[found++] = group;
            }
        }
        return new RowSample(chosen, all.factors);
    }

    /** How many groups there are. */
    int groups() {
        return groups.length;
    }

    /** How many rows there are in all groups. */
    int rows() {
        int rows = 0;
        for (int group = 0; group < groups.length; group++) {
            rows += rows(group);
        }
        return rows;
    }

    /** The first row of a group. */
    int first(int group) {
        return groups[group] * ROWS;
    }

    /** The last row of a group. */
    int last(int group) {
        return first(group) + rows(group) - 1;
    }

    /** How many rows a group has. */
    int rows(int group) {
        return Math.min(ROWS, factors.length - first(group));
    }

    /** Overwrites {@code factors} with those of a group; zeros for rows that there are not. */
    void factors(int group, float[] ofGroup) {
        int first = first(group);
        for (int row = 0; row < ROWS; row++) {
            ofGroup[row] = first + row < factors.length ? factors[first + row] : 0;
        }
    }
}
