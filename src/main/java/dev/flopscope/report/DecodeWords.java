package dev.flopscope.report;

import dev.flopscope.machine.Ceilings;
import dev.flopscope.run.DecodeResult;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What decoding shows, in sentences: why it is as fast as it is, and what was decoded. */
final class DecodeWords {
    private static final double MILLISECONDS = 1e6;
    private static final double GIGA = 1e9;

    private final DecodeResult result;
    private final Ceilings ceilings;

    DecodeWords(DecodeResult result) {
        this.result = result;
        this.ceilings = result.ceilings();
    }

    /** Why decoding is as fast as it is. */
    String limit() {
        if (result.fromCaches()) {
            return "The weights fit the caches, so memory's bandwidth is no limit here: products moved "
                    + Figures.rate(result.bytesPerSecond() / GIGA) + " GB/s at the least, memory reached " + most()
                    + ".";
        }
        return bound() + " " + ceiling();
    }

    private String most() {
        return Figures.rate(ceilings.memoryRoof().value() / GIGA) + " GB/s ("
                + ceilings.memoryRoof().source() + ")";
    }

    /** Which limit holds, in one sentence. */
    private String bound() {
        String intensity = PhaseTables.intensity(result.intensity());
        String balance = PhaseTables.intensity(ceilings.balance());
        return result.intensity() < ceilings.balance()
                ? "Bound by memory: decoding does " + intensity
                        + " FLOPs for each byte its products must move, and this machine does " + balance
                        + " in the time that it moves one."
                : "Bound by compute: decoding does " + intensity + " FLOPs for each byte, more than the " + balance
                        + " that this machine does in the time that it moves one.";
    }

    /** What moved beside what was measured to move. */
    private String ceiling() {
        String moved = Figures.rate(result.bytesPerSecond() / GIGA) + " GB/s";
        if (result.aboveCeiling()) {
            return "MEASUREMENT ERROR: products moved " + moved + " at the least, and the best measured here is "
                    + most() + ": the ceiling was measured too low, or the time too short.";
        }
        return String.format(
                Locale.ROOT,
                "Products moved %s at the least, %.1f %% of the %s measured here; half of the tokens took %,.3f ms or less.",
                moved,
                100 * result.bytesPerSecond() / ceilings.memoryRoof().value(),
                most(),
                result.medianTokenNanoseconds() / MILLISECONDS);
    }

    /** A line for everything that is not as expected. */
    static List<String> disagreements(List<String> lines) {
        return lines.stream().map(line -> "DISAGREES: decoding, " + line).toList();
    }

    /** What the model says. */
    String tokens() {
        String ids = result.ids().get(0).stream().map(String::valueOf).collect(Collectors.joining(" "));
        String which = result.ids().size() == 1 ? "Decoded: " : "Decoded in the first sequence: ";
        return which + ids
                + result.text()
                        .map(text -> ", which is " + Figures.quoted(text))
                        .orElse("") + ".";
    }
}
