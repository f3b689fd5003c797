package dev.flopscope.profile;

import java.util.Collection;
import java.util.List;

/**
 * How fast the machine itself was while a phase was measured, whatever the program: multiply-adds just before each repetition,
 * beside the same multiply-adds when the ceilings were measured.
 *
 * @param ceiling GFLOP/s of the multiply-adds among the ceilings
 * @param rates GFLOP/s before each repetition, at least one
 */
public record Drift(double ceiling, List<Double> rates) {
    /** A machine that slowed down by less than this explains nothing: the probe itself is no steadier. */
    private static final double LEAST_FACTOR = 1.1;

    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if there is no rate
     */
    public Drift {
        rates = List.copyOf(rates);
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("drift needs at least one rate");
        }
    }

    /** The lowest rate. */
    public double slowest() {
        return Statistics.quantile(rates, 0);
    }

    /** The median rate. */
    public double median() {
        return Statistics.median(rates);
    }

    /** The highest rate. */
    public double fastest() {
        return Statistics.quantile(rates, 1);
    }

    /** How many times as fast the machine was when the ceilings were measured; below 1 if it was slower then. */
    public double factor() {
        return ceiling / median();
    }

    /** Whether the highest rate is well above the lowest. */
    public boolean isUneven() {
        return fastest() > LEAST_FACTOR * slowest();
    }

    /**
     * The part of the time beyond the ceilings that the machine explains: a product cannot be blamed for the time that it would
     * take beyond its ceiling on any machine that is slower by {@link #factor}.
     *
     * @param hotspots products, each with its ceiling
     * @return from 0 to 1; 0 if the machine was hardly slower, or nothing takes longer than its ceiling allows
     */
    public double explains(Collection<Hotspot> hotspots) {
        double beyond = 0;
        double explained = 0;
        for (Hotspot spot : hotspots) {
            double excess = Math.max(0, spot.excessSeconds());
            beyond += excess;
            explained += Math.min(excess, (factor() - 1) * (spot.seconds() - spot.excessSeconds()));
        }
        return factor() < LEAST_FACTOR || beyond == 0 ? 0 : explained / beyond;
    }
}
