package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.Build;
import dev.flopscope.profile.Profile;
import dev.flopscope.run.Measurement;
import java.util.Optional;

/** A measurement as JSON: the prompt's keys at the top, and those of decoding under a key of their own. */
final class MeasurementJson {
    private final Measurement measurement;
    private final boolean profiled;

    /**
     * JSON of {@code measurement}.
     *
     * @param profiled whether it has samples and what ceilings, which were measured, say of them
     */
    MeasurementJson(Measurement measurement, boolean profiled) {
        this.measurement = measurement;
        this.profiled = profiled;
    }

    ObjectNode json() {
        AccountJson expected = new AccountJson(measurement.account());
        ObjectNode json = expected.common();
        ((ObjectNode) json.get("parameters")).put("allocated", measurement.allocatedParameters());
        for (PhaseWords words : PhaseWords.of(measurement)) {
            ObjectNode phase = words.isDecoding() ? json.putObject("decode") : json;
            Optional<Profile> samples = measurement
                    .ceilings()
                    .filter(unused -> profiled)
                    .map(ceilings -> words.phase().profile(ceilings));
            PhaseJson keys = new PhaseJson(words, samples);
            expected.addExpected(phase, words.phase().account());
            keys.addTo(phase);
            if (words.isDecoding()) {
                keys.addDecoded(phase, measurement.ceilings().orElseThrow());
            }
        }
        addOrigin(json.put("agrees", measurement.agrees()));
        return json;
    }

    private void addOrigin(ObjectNode json) {
        Build build = Build.detect();
        ((ObjectNode) json.get("seconds")).put("preparation", Json.seconds(measurement.preparationNanoseconds()));
        if (profiled) {
            json.set("yardstick_gflops_per_second_samples", Json.numbers(measurement.calibration()));
            measurement.ceilings().ifPresent(ceilings -> json.set("ceilings", CeilingsJson.of(ceilings)));
        }
        json.put("seed", measurement.spec().seed());
        json.put("weights", measurement.spec().weights().label());
        json.put("engine", measurement.spec().engine().label());
        json.set(
                "next_token",
                Json.array(
                        measurement.nextTokens(),
                        prediction -> Json.object()
                                .put("token", prediction.token())
                                .put("text", prediction.text())
                                .put("probability", prediction.probability())));
        measurement.peakResidentBytes().ifPresent(bytes -> json.put("peak_resident_bytes", bytes));
        json.set("machine", Json.machine(measurement.machine()));
        json.put("version", build.version());
        json.put("commit", build.commit());
        json.put("date", measurement.began().toString());
    }
}
