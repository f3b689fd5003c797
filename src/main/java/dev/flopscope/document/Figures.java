package dev.flopscope.document;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** How numbers look in tables: aligned, with separators and units, the same in every country. */
public final class Figures {
    private static final List<String> BINARY_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final List<String> DECIMAL_UNITS = List.of("B", "kB", "MB", "GB", "TB");
    private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_UP);

    private static final int MOST_DECIMALS = 3;

    private Figures() {}

    /** {@code 4,513,336,524,800}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 66.91 %}. */
    public static String percent(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
    }

    /** {@code 32 KiB}, {@code 1.5 MiB}, {@code 7.924 GiB}: at most three decimals in the binary unit that suits the number. */
    public static String bytes(long bytes) {
        return inUnit(bytes, 1024, BINARY_UNITS);
    }

    /** {@code 8.508 GB}: the same in a decimal unit. */
    public static String decimalBytes(long bytes) {
        return inUnit(bytes, 1000, DECIMAL_UNITS);
    }

    private static String inUnit(long number, int base, List<String> units) {
        double value = number;
        int unit = 0;
        while (value >= base && unit < units.size() - 1) {
            value /= base;
            unit++;
        }
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f %s" : "%,.3f %s", value, units.get(unit));
    }

    /** {@code 33.13}: how many times {@code base} a value is. */
    public static String times(long value, long base) {
        return String.format(Locale.ROOT, "%.2f", (double) value / base);
    }

    /** Six digits of a number, all digits of an integer: {@code 96.3512}, {@code 3,355,443,200}. */
    public static String decimal(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.scale() <= 0) {
            return String.format(Locale.ROOT, "%,d", stripped.toBigInteger());
        }
        BigDecimal rounded = value.round(SIX_DIGITS);
        return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }

    /** {@code 1 token}, {@code 1,024 tokens}. */
    public static String counted(long count, String one) {
        return count(count) + " " + one + (count == 1 ? "" : "s");
    }

    /** {@code 7.6 %}. */
    public static String share(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }

    /** {@code 1.873}. */
    public static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%,.3f", seconds);
    }

    /** {@code 186.7}. */
    public static String rate(double gflopsPerSecond) {
        return String.format(Locale.ROOT, "%,.1f", gflopsPerSecond);
    }

    /** {@code 0.50}: FLOPs for each byte. */
    public static String intensity(double flopsPerByte) {
        return String.format(Locale.ROOT, "%,.2f", flopsPerByte);
    }

    /** {@code 1.423}: a factor. */
    public static String factor(double factor) {
        return String.format(Locale.ROOT, "%,.3f", factor);
    }

    /** {@code 1.96 (standard error 0.04)}: as many decimals as the error's first digit has, at most three. */
    public static String withError(double value, double error) {
        int decimals =
                error == 0 ? MOST_DECIMALS : (int) Math.max(0, Math.min(MOST_DECIMALS, Math.ceil(-Math.log10(error))));
        String pattern = "%,." + decimals + "f";
        return String.format(Locale.ROOT, pattern + " (standard error " + pattern + ")", value, error);
    }

    /** {@code 0.0115}: seconds of something short. */
    public static String shortSeconds(double seconds) {
        return String.format(Locale.ROOT, "%,.4f", seconds);
    }

    /** {@code 5 %}, {@code 2.5 %}: as many digits as it takes. */
    public static String percent(double fraction) {
        return new BigDecimal(100 * fraction)
                        .round(SIX_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString() + " %";
    }

    /** A token's text on one line, with its spaces visible. */
    public static String quoted(String text) {
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
