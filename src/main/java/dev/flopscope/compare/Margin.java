package dev.flopscope.compare;

/**
 * The factors of time that are never called a change, and those that are called equal. Both allow for how much the machine
 * itself changed: a change must be one beyond the machine's, and what is equal must be so with and without the machine's.
 *
 * @param low the least factor that is no change, at most 1
 * @param high the greatest factor that is no change, at least 1
 * @param equalLow the least factor that is equal
 * @param equalHigh the greatest factor that is equal; below {@code equalLow} if the machine changed too much for anything to be
 * @param share the part of itself by which a row may change without its phase being any longer for it
 */
record Margin(double low, double high, double equalLow, double equalHigh, double share) {
    /**
     * A relative change either way, around what the machine itself changed by.
     *
     * @param change relative change, at least 0: 0.05 is 5 %
     * @param machine how many times as long the speed calibration takes in the second result, 1 if that is unknown
     */
    static Margin of(double change, double machine) {
        double slower = Math.max(1, machine);
        double faster = Math.min(1, machine);
        return new Margin(
                faster / (1 + change), slower * (1 + change), slower / (1 + change), faster * (1 + change), 0);
    }

    /** This margin, widened to everything that changes a row by less than {@code least} of itself. */
    Margin and(double least) {
        return new Margin(Math.min(low, 1 / (1 + least)), Math.max(high, 1 + least), equalLow, equalHigh, least);
    }

    /** Whether everything within {@code interval} is called equal. */
    boolean isEqual(Interval interval) {
        return interval.low() >= equalLow && interval.high() <= equalHigh;
    }

    /** Whether nothing within {@code interval} would make a phase any longer or shorter. */
    boolean isMinor(Interval interval) {
        return interval.low() >= 1 / (1 + share) && interval.high() <= 1 + share;
    }
}
