package dev.flopscope.run;

import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Limit;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.DecodePasses.Outcome;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.tensor.Matrix;
import java.util.List;

/**
 * The same tokens after the same prompt, decoded until that is steady and then several times more.
 *
 * @param passes what decoded them
 * @param warmUp the decodings before the measured ones
 * @param outcomes the measured ones
 */
record DecodeRepetitions(DecodePasses passes, WarmUp warmUp, List<Outcome> outcomes) {
    /** Decodes; {@code prompt} is the logits of the pass over the prompt, (B·T, V). */
    static DecodeRepetitions of(DecodePasses passes, Matrix prompt, Repeater repeater) {
        int[] first = passes.likeliest(prompt);
        int tokens = passes.account().tokens();
        WarmUp warmUp = repeater.warmUp(
                Phase.DECODING_WARM_UP,
                tokens,
                progress -> passes.run(first, progress).wallNanoseconds());
        return new DecodeRepetitions(
                passes, warmUp, repeater.measure(Phase.DECODING, tokens, progress -> passes.run(first, progress)));
    }

    /** Holds each against its closed forms, beside {@code ceilings} of as many threads. */
    DecodeProfile against(Ceilings ceilings) {
        List<DecodeResult> results = outcomes.stream()
                .map(outcome -> passes.result(outcome, ceilings))
                .toList();
        Profile profile = new Profile(
                outcomes.get(0).counts(),
                outcomes.stream().map(Outcome::repetition).toList(),
                warmUp,
                ceilings,
                results.get(0).fromCaches() ? Limit.CACHES : Limit.MEMORY);
        return new DecodeProfile(results, profile);
    }
}
