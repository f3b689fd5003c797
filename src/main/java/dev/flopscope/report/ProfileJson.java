package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.machine.Build;
import dev.flopscope.profile.Profile;
import dev.flopscope.run.ProfileResult;

/** A profile as JSON: the keys of {@code run} with medians, and beside them every raw sample, in seconds. */
final class ProfileJson {
    private static final double NANOSECONDS = 1e9;

    private final ProfileResult result;
    private final Profile profile;
    private final PhaseJson phase;

    ProfileJson(ProfileResult result) {
        this.result = result;
        this.profile = result.profile();
        this.phase = new PhaseJson(profile);
    }

    ObjectNode json() {
        ObjectNode json = new AccountJson(result.account()).common();
        ((ObjectNode) json.get("parameters")).put("allocated", result.allocatedParameters());
        phase.addSites(json.putArray("sites"), result.account().kinds());
        phase.addEverySite(json.putArray("by_site"), true);
        phase.addLayers(json.putArray("layers"), result.account().model().numLayers());
        addAudit(json);
        json.set("seconds", phase.seconds().put("preparation", result.preparationNanoseconds() / NANOSECONDS));
        phase.addWall(json, result.reconciliation().countedFlops());
        ArrayNode yardstick = json.putArray("yardstick_gflops_per_second_samples");
        result.yardstick().forEach(yardstick::add);
        phase.addBetween(json);
        json.set("tree", phase.tree("pass"));
        phase.addRepetitions(json);
        json.set("ceilings", CeilingsJson.of(profile.ceilings()));
        phase.addErrors(json.putArray("measurement_errors"), ProfileWords.ofPasses(profile));
        addOrigin(json);
        result.decode().ifPresent(decode -> json.set("decode", new DecodeProfileJson(decode).json()));
        return json;
    }

    private void addAudit(ObjectNode json) {
        Reconciliation reconciliation = result.reconciliation();
        json.putObject("flops")
                .put("counted", reconciliation.countedFlops())
                .put("expected", reconciliation.expectedFlops());
        json.put("agrees", result.agrees());
        json.put("sites_checked", reconciliation.sites().size());
        ArrayNode disagreements = json.putArray("disagreements");
        reconciliation.disagreements().forEach(disagreements::add);
    }

    private void addOrigin(ObjectNode json) {
        Build build = Build.detect();
        json.put("seed", result.spec().seed());
        json.put("weights", result.spec().weights().label());
        json.put("engine", result.spec().engine().label());
        result.peakResidentBytes().ifPresent(bytes -> json.put("peak_resident_bytes", bytes));
        json.set("machine", MachineJson.of(result.machine()));
        json.put("version", build.version());
        json.put("commit", build.commit());
        json.put("date", result.began().toString());
    }
}
