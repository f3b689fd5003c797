package dev.flopscope.run;

import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What decoding the same tokens several times, each time from where the prompt ends, gave.
 *
 * @param results one a repetition, in order, at least one
 * @param profile their samples, and what the machine reaches
 */
public record DecodeProfile(List<DecodeResult> results, Profile profile) {
    /** Keeps a copy. */
    public DecodeProfile {
        results = List.copyOf(results);
    }

    /** Whether everything is as expected in every repetition. */
    public boolean agrees() {
        return disagreements().isEmpty();
    }

    /** A line for everything that is not as expected in the first repetition where anything is not. */
    public List<String> disagreements() {
        for (int repetition = 0; repetition < results.size(); repetition++) {
            List<String> lines = new ArrayList<>(results.get(repetition).disagreements());
            if (!results.get(repetition).ids().equals(results.get(0).ids())) {
                lines.add("repetition " + (repetition + 1) + " decoded other tokens than the first");
            }
            if (!lines.isEmpty()) {
                return lines;
            }
        }
        return List.of();
    }

    /** How many things were held against what is expected in one repetition. */
    public long checks() {
        return results.get(0).checks() + 1;
    }

    /** The repetition whose wall time is the median. */
    public DecodeResult typical() {
        return results.get(profile.repetitions().indexOf(profile.typical()));
    }

    /** Wall time of each token, in every repetition. */
    public List<Samples> tokens() {
        return IntStream.range(0, results.get(0).tokenNanoseconds().size())
                .mapToObj(token -> new Samples(results.stream()
                        .map(result -> result.tokenNanoseconds().get(token))
                        .toList()))
                .toList();
    }
}
