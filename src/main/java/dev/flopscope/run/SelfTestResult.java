package dev.flopscope.run;

import dev.flopscope.config.Engine;
import java.util.List;

/**
 * What became of faults that were planted in passes.
 *
 * @param sound the pass without a fault
 * @param reference which engine computed the logits that those of all passes are held against
 * @param disagreements what the checks noticed in the pass without a fault; nothing, if they are sound themselves
 * @param faults what the checks noticed in the passes with a fault each
 */
public record SelfTestResult(Measurement sound, Engine reference, List<Notice> disagreements, List<Fault> faults) {
    /** Keeps copies. */
    public SelfTestResult {
        disagreements = List.copyOf(disagreements);
        faults = List.copyOf(faults);
    }

    /** What notices that a pass is not as it should be. */
    public enum Check {
        /** Counts and sizes are held against closed forms, site by site. */
        COUNTS("counts"),
        /** A product of extents that do not fit each other is refused. */
        EXTENTS("extents"),
        /** A count that is too large for a {@code long} is an error and never a smaller number. */
        OVERFLOW("overflow"),
        /** Logits are held against those of a sound pass. */
        LOGITS("logits");

        private final String label;

        Check(String label) {
            this.label = label;
        }

        /** Its name in reports. */
        public String label() {
            return label;
        }
    }

    /** Where a fault is planted. */
    public enum Place {
        /** The pass asks for other products. */
        ABOVE("above the count"),
        /** A product is done and not counted. */
        COUNT("in the count"),
        /** What is counted is not what is done. */
        BELOW("below the count");

        private final String label;

        Place(String label) {
            this.label = label;
        }

        /** Its name in reports. */
        public String label() {
            return label;
        }
    }

    /**
     * A check noticed something.
     *
     * @param check which
     * @param line what it says
     */
    public record Notice(Check check, String line) {}

    /**
     * What became of one fault.
     *
     * @param name what was planted
     * @param place where
     * @param check what must notice it
     * @param notices what was noticed, by whichever check
     */
    public record Fault(String name, Place place, Check check, List<Notice> notices) {
        /** Keeps a copy. */
        public Fault {
            notices = List.copyOf(notices);
        }

        /** Whether the check noticed it that must. Another that did as well would hide one that sees nothing. */
        public boolean isNoticed() {
            return notices.stream().anyMatch(notice -> notice.check() == check);
        }

        /** The checks that noticed it. */
        public List<Check> noticedBy() {
            return notices.stream().map(Notice::check).distinct().toList();
        }

        /** What the check says that must notice it; nothing if it says nothing. */
        public List<String> lines() {
            return notices.stream()
                    .filter(notice -> notice.check() == check)
                    .map(Notice::line)
                    .toList();
        }
    }

    /** The faults that the checks that must notice them did not notice. */
    public List<Fault> unnoticed() {
        return faults.stream().filter(fault -> !fault.isNoticed()).toList();
    }

    /** Whether every fault is noticed, and nothing is where there is no fault. */
    public boolean isSound() {
        return disagreements.isEmpty() && unnoticed().isEmpty();
    }
}
