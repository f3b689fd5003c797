package dev.flopscope.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** How numbers look in tables: aligned, with separators and units, the same in every country. */
final class Figures {
    private static final double KIB = 1L << 10;
    private static final double MIB = 1L << 20;
    private static final double GIB = 1L << 30;
    private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_UP);

    private Figures() {}

    /** {@code 4,513,336,524,800}. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 66.91 %}. */
    static String percent(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
    }

    /** {@code 32 KiB}. */
    static String kibibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f KiB", bytes / KIB);
    }

    /** {@code 128 MiB}. */
    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", bytes / MIB);
    }

    /** {@code 7.924 GiB}. */
    static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.3f GiB", bytes / GIB);
    }

    /** {@code 8.508 GB}. */
    static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.3f GB", bytes / 1e9);
    }

    /** {@code 33.13}: how many times {@code base} a value is. */
    static String times(long value, long base) {
        return String.format(Locale.ROOT, "%.2f", (double) value / base);
    }

    /** Six digits of a number, all digits of an integer: {@code 96.3512}, {@code 3,355,443,200}. */
    static String decimal(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.scale() <= 0) {
            return String.format(Locale.ROOT, "%,d", stripped.toBigInteger());
        }
        BigDecimal rounded = value.round(SIX_DIGITS);
        return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }

    /** {@code 1 token}, {@code 1,024 tokens}. */
    static String counted(long count, String one) {
        return count(count) + " " + one + (count == 1 ? "" : "s");
    }

    /** {@code 7.6 %}. */
    static String share(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }

    /** {@code 1.873}. */
    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%,.3f", seconds);
    }

    /** {@code 186.7}. */
    static String rate(double gflopsPerSecond) {
        return String.format(Locale.ROOT, "%,.1f", gflopsPerSecond);
    }

    /** {@code 0.50}: FLOPs for each byte. */
    static String intensity(double flopsPerByte) {
        return String.format(Locale.ROOT, "%,.2f", flopsPerByte);
    }

    /** {@code 1.423}: a factor. */
    static String factor(double factor) {
        return String.format(Locale.ROOT, "%,.3f", factor);
    }

    /** {@code 0.0115}: seconds of something short. */
    static String shortSeconds(double seconds) {
        return String.format(Locale.ROOT, "%,.4f", seconds);
    }

    /** {@code 5 %}, {@code 2.5 %}: as many digits as it takes. */
    static String percent(double fraction) {
        return new BigDecimal(100 * fraction)
                        .round(SIX_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString() + " %";
    }

    /** A token's text on one line, with its spaces visible. */
    static String quoted(String text) {
        StringBuilder visible = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            if (Character.isISOControl(character)) {
                visible.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                visible.appendCodePoint(character);
            }
        });
        return visible.append('"').toString();
    }
}
