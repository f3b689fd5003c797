package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What decoding tokens after a counted pass gave.
 *
 * @param account the closed forms it is held against
 * @param reconciliation counted against expected, site by site, all tokens together
 * @param kinds the same by kind, with times
 * @param times where the time went
 * @param tokenNanoseconds wall time of each pass, from the embedding to the choice of the next token
 * @param ids the tokens decoded, one list a sequence: each the likeliest after those before
 * @param text what the first sequence's tokens say, if the prompt was text
 * @param ceilings what the machine reaches with as many threads
 * @param fromCaches whether the caches could hold all weights from one token to the next, so that memory is no limit
 */
public record DecodeResult(
        DecodeAccount account,
        Reconciliation reconciliation,
        List<KindResult> kinds,
        Times times,
        List<Long> tokenNanoseconds,
        List<List<Integer>> ids,
        Optional<String> text,
        Ceilings ceilings,
        boolean fromCaches) {
    private static final double NANOSECONDS = 1e9;

    /** Keeps copies. */
    public DecodeResult {
        kinds = List.copyOf(kinds);
        tokenNanoseconds = List.copyOf(tokenNanoseconds);
        ids = ids.stream().map(List::copyOf).toList();
    }

    /** Whether everything counted and allocated is as expected, the bytes that follow from it included. */
    public boolean agrees() {
        return disagreements().isEmpty();
    }

    /** How many things were held against their closed forms: sites, sizes, and the bytes. */
    public long checks() {
        return reconciliation.checks() + 1;
    }

    /** A line for everything that is not as expected. */
    public List<String> disagreements() {
        List<String> lines = new ArrayList<>(reconciliation.disagreements());
        if (leastBytes() != account.leastBytes()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "least bytes: %,d by the shapes counted, expected %,d",
                    leastBytes(),
                    account.leastBytes()));
        }
        return lines;
    }

    /** Wall time of all passes. */
    public long wallNanoseconds() {
        return tokenNanoseconds.stream().mapToLong(Long::longValue).sum();
    }

    /** Nanoseconds of the passes that have no name. */
    public long unexplainedNanoseconds() {
        return wallNanoseconds() - times.explained();
    }

    /** Tokens of all sequences together in a second of wall time. */
    public double tokensPerSecond() {
        return NANOSECONDS * account.tokens() * account.prefill().batch() / wallNanoseconds();
    }

    /** The middle of the passes' wall times; the first ones make products ready. */
    public long medianTokenNanoseconds() {
        List<Long> sorted = tokenNanoseconds.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /** Bytes that the counted products must have moved at the least. */
    public long leastBytes() {
        return reconciliation.countedLeastBytes();
    }

    /** Least bytes of the products over the time inside them. */
    public double bytesPerSecond() {
        long inside = times.allProducts();
        return inside == 0 ? 0 : NANOSECONDS * leastBytes() / inside;
    }

    /** FLOPs for each byte that had to move. */
    public double intensity() {
        return (double) reconciliation.countedFlops() / leastBytes();
    }

    /** Whether more bytes a second seem to have come from memory than the best measured: then one of the two is wrong. */
    public boolean aboveCeiling() {
        return !fromCaches && bytesPerSecond() > ceilings.memoryRoof().value();
    }
}
