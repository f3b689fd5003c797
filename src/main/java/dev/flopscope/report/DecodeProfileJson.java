package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Samples;
import dev.flopscope.run.DecodeProfile;
import dev.flopscope.run.DecodeResult;

/** Decoding in a profile as JSON: the keys of {@code run}'s {@code decode} with medians, and beside them every raw sample. */
final class DecodeProfileJson {
    private static final double NANOSECONDS = 1e9;

    private final DecodeProfile decode;
    private final Profile profile;
    private final DecodeResult typical;

    DecodeProfileJson(DecodeProfile decode) {
        this.decode = decode;
        this.profile = decode.profile();
        this.typical = decode.typical();
    }

    ObjectNode json() {
        PhaseJson phase = new PhaseJson(profile);
        ObjectNode json = DecodeJson.of(typical);
        phase.addSites(json.putArray("sites"), typical.account().kinds());
        // Every position has a shape of its own: listed once a kind, they would be most of the file once a layer.
        phase.addEverySite(json.putArray("by_site"), false);
        phase.addLayers(
                json.putArray("layers"), typical.account().prefill().model().numLayers());
        json.set("seconds", phase.seconds());
        phase.addWall(json, typical.reconciliation().countedFlops());
        phase.addBetween(json);
        addTokens(json);
        json.put("agrees", decode.agrees());
        ArrayNode disagreements = json.putArray("disagreements");
        decode.disagreements().forEach(disagreements::add);
        json.set("tree", phase.tree("decoding"));
        phase.addRepetitions(json);
        phase.addErrors(json.putArray("measurement_errors"), ProfileWords.ofDecoding(profile));
        return json;
    }

    /** Of each token the median, and every repetition's; so both say the same of the same position. */
    private void addTokens(ObjectNode json) {
        ArrayNode medians = json.putArray("token_seconds");
        ArrayNode samples = json.putArray("token_samples");
        for (Samples token : decode.tokens()) {
            medians.add(token.median() / NANOSECONDS);
            ArrayNode all = samples.addArray();
            token.nanoseconds().forEach(nanoseconds -> all.add(nanoseconds / NANOSECONDS));
        }
    }
}
