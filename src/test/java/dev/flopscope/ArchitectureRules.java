package dev.flopscope;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import dev.flopscope.config.BadDataException;
import dev.flopscope.profile.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rooms of the program, and the rules about them: which may name which, who may name which library, and who may multiply. */
final class ArchitectureRules {
    static final String ROOT = "dev.flopscope.";

    /** Names of ND4J's ways to a product, as methods and as classes of operations. */
    private static final Pattern PRODUCT_METHOD = Pattern.compile(
            "(?i).*(mmul|matmul|gemm|gemv|einsum|tensordot|xwplusb|linearlayer|relulayer|dotproductattention).*|dot|exec|execAndReturn");

    private static final Pattern PRODUCT_CLASS = Pattern.compile(
            "(?i).*(mmul|matmul|gemm|gemv|einsum|tensordot|xwplusb|linear|relulayer|attention|customop|blaswrapper|level[123]).*|Dot");

    /** Where a thread may come from, and what only who has threads needs. */
    private static final Pattern THREADS = Pattern.compile(
            "java\\.util\\.concurrent\\.(locks\\..*|.*Executor.*|ForkJoin.*|CompletableFuture|Cyclic.*|Exchanger|"
                    + "Phaser|CountDownLatch|Semaphore)|java\\.util\\.Timer");

    /**
     * A rule and what it must see.
     *
     * @param name the rule
     * @param rule holds for the program
     * @param breaches classes that break it, each alone
     */
    record Case(String name, ArchRule rule, List<Class<?>> breaches) {
        @Override
        public String toString() {
            return name;
        }
    }

    private ArchitectureRules() {}

    /** All rules. */
    static List<Case> rules() {
        List<Case> rules = new ArrayList<>();
        Rooms.ALL.forEach(room -> rules.add(new Case(
                room.getKey() + " names only what is below it",
                onlyNames(room.getKey(), room.getValue()),
                List.of(ArchitectureBreaches.NamesTheCommandLine.class))));
        rules.addAll(isolation());
        rules.addAll(libraries());
        rules.addAll(products());
        return List.copyOf(rules);
    }

    /** The members of a room, and what is planted to show what its rule sees. */
    private static DescribedPredicate<JavaClass> membersOf(String... rooms) {
        return resideInAnyPackage(packages(List.of(rooms)))
                .or(DescribedPredicate.describe(
                        "planted", type -> type.getName().startsWith(ArchitectureBreaches.class.getName())));
    }

    private static String[] packages(Iterable<String> rooms) {
        List<String> packages = new ArrayList<>();
        rooms.forEach(room -> packages.add(ROOT + room));
        return packages.toArray(String[]::new);
    }

    private static ArchRule onlyNames(String room, Set<String> allowed) {
        List<String> all = new ArrayList<>(allowed);
        all.add(room);
        return classes()
                .that(membersOf(room))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("dev.flopscope..")
                        .or(resideInAnyPackage(packages(all)))
                        .or(DescribedPredicate.describe(
                                "planted", type -> type.getName().startsWith(ArchitectureBreaches.class.getName()))))
                .allowEmptyShould(true);
    }

    private static List<Case> isolation() {
        DescribedPredicate<JavaClass> config = resideInAPackage(ROOT + "config");
        return List.of(
                new Case(
                        "closed forms see names of products, never an observed extent or a tensor",
                        noClasses()
                                .that(membersOf("flops"))
                                .should()
                                .dependOnClassesThat(resideInAPackage(ROOT + "count")
                                        .and(named("MatmulShape|SiteCount|FlopTally|MatmulListener")))
                                .orShould()
                                .dependOnClassesThat(resideInAnyPackage(ROOT + "backend..", ROOT + "observe..")),
                        List.of(
                                ArchitectureBreaches.SeesAShape.class,
                                ArchitectureBreaches.SeesACount.class,
                                ArchitectureBreaches.SeesATensor.class)),
                new Case(
                        "the interceptor sees operands, never a config, a closed form or a parameter",
                        noClasses()
                                .that(membersOf("observe", "count", "time"))
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage(ROOT + "config..", ROOT + "flops..", ROOT + "weights..")),
                        List.of(
                                ArchitectureBreaches.SeesAConfig.class,
                                ArchitectureBreaches.SeesAClosedForm.class,
                                ArchitectureBreaches.SeesParameters.class)),
                new Case(
                        "the audit takes closed forms and counts as they come",
                        noClasses().that(membersOf("audit")).should().dependOnClassesThat(config),
                        List.of(ArchitectureBreaches.SeesAConfig.class)),
                new Case(
                        "claims and comparisons know of configs only how to refuse data",
                        noClasses()
                                .that(membersOf("claims", "compare"))
                                .should()
                                .dependOnClassesThat(
                                        config.and(DescribedPredicate.not(belongToAnyOf(BadDataException.class)))),
                        List.of(ArchitectureBreaches.SeesAConfig.class)),
                new Case(
                        "ceilings know of profiles only the statistics",
                        noClasses()
                                .that(membersOf("ceiling"))
                                .should()
                                .dependOnClassesThat(resideInAPackage(ROOT + "profile")
                                        .and(DescribedPredicate.not(belongToAnyOf(Statistics.class)))),
                        List.of(ArchitectureBreaches.SeesARepetition.class)),
                new Case(
                        "engines are started by whoever composes a run, and known to nobody else",
                        noClasses()
                                .that(resideOutsideOfPackage(ROOT + "backend.cpu..")
                                        .and(resideOutsideOfPackage(ROOT + "backend.cuda.."))
                                        .and(resideOutsideOfPackage(ROOT + "run")))
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage(ROOT + "backend.cpu..", ROOT + "backend.cuda..")),
                        List.of(ArchitectureBreaches.StartsAnEngine.class)));
    }

    private static List<Case> libraries() {
        DescribedPredicate<JavaClass> outsideOfCpu = resideOutsideOfPackage(ROOT + "backend.cpu..");
        return List.of(
                new Case(
                        "only backend.cpu names ND4J, JavaCPP and oneDNN, but for who sees other programs' ND4J",
                        noClasses()
                                .that(outsideOfCpu.and(resideOutsideOfPackage(ROOT + "nd4j")))
                                .should()
                                .dependOnClassesThat(resideInAnyPackage("org.nd4j..", "org.bytedeco..")),
                        List.of(ArchitectureBreaches.NamesNd4j.class, ArchitectureBreaches.NamesJavaCpp.class)),
                new Case(
                        "only backend.cpu names buffers of floats, but for who reads floats from files",
                        noClasses()
                                .that(outsideOfCpu.and(resideOutsideOfPackage(ROOT + "checkpoint")))
                                .should()
                                .dependOnClassesThat(DescribedPredicate.describe(
                                        "are buffers of floats",
                                        type -> type.getName().equals("java.nio.FloatBuffer"))),
                        List.of(ArchitectureBreaches.NamesABuffer.class)),
                new Case(
                        "only backends have threads, but for hooks that delete a temporary file or report at the end",
                        noClasses()
                                .that(outsideOfCpu
                                        .and(resideOutsideOfPackage(ROOT + "backend.cuda"))
                                        .and(DescribedPredicate.not(named("TemporaryFile|FlopAgent"))))
                                .should()
                                .dependOnClassesThat(DescribedPredicate.describe(
                                        "make or park threads",
                                        type -> THREADS.matcher(type.getName()).matches()))
                                .orShould()
                                .accessTargetWhere(DescribedPredicate.describe(
                                        "a thread begins", ArchitectureRules::beginsAThread)),
                        List.of(
                                ArchitectureBreaches.StartsAThread.class,
                                ArchitectureBreaches.IsAThread.class,
                                ArchitectureBreaches.HandsOutThreads.class,
                                ArchitectureBreaches.ParksAThread.class,
                                ArchitectureBreaches.HasAPool.class,
                                ArchitectureBreaches.StreamsInParallel.class)),
                new Case(
                        "a pass is timed by its backend's clock",
                        noClasses()
                                .that(membersOf(
                                        "backend", "observe", "weights", "forward", "time", "count", "flops", "audit",
                                        "profile"))
                                .should()
                                .accessTargetWhere(DescribedPredicate.describe(
                                        "the host's clock is read", ArchitectureRules::readsAClock)),
                        List.of(
                                ArchitectureBreaches.ReadsNanoseconds.class,
                                ArchitectureBreaches.HandsOutNanoseconds.class)),
                onlyNamed("cli", "picocli..", ArchitectureBreaches.NamesPicocli.class),
                onlyNamed("junit", "org.junit..", ArchitectureBreaches.NamesJUnit.class),
                onlyNamed("jmh", "org.openjdk.jmh..", ArchitectureBreaches.NamesJmh.class),
                onlyNamed("observe", "jdk.jfr..", ArchitectureBreaches.NamesTheFlightRecorder.class));
    }

    private static Case onlyNamed(String room, String library, Class<?> breach) {
        return new Case(
                "only " + room + " names " + library,
                noClasses()
                        .that(resideOutsideOfPackage(ROOT + room))
                        .should()
                        .dependOnClassesThat(resideInAPackage(library)),
                List.of(breach));
    }

    private static List<Case> products() {
        return List.of(
                new Case(
                        "nobody but its engine calls a product of ND4J, and who passes the calls of others on",
                        noClasses()
                                .that(DescribedPredicate.not(partOf("Nd4jEngine"))
                                        .and(resideOutsideOfPackage(ROOT + "nd4j")))
                                .should()
                                .accessTargetWhere(DescribedPredicate.describe(
                                        "a product of ND4J", ArchitectureRules::callsAProduct))
                                .orShould()
                                .dependOnClassesThat(DescribedPredicate.describe(
                                        "are operations of ND4J with a product inside",
                                        type -> type.getPackageName().startsWith("org.nd4j")
                                                && PRODUCT_CLASS
                                                        .matcher(type.getSimpleName())
                                                        .matches())),
                        List.of(
                                ArchitectureBreaches.ByArray.class,
                                ArchitectureBreaches.ByGemm.class,
                                ArchitectureBreaches.ByFactory.class,
                                ArchitectureBreaches.ByOperation.class,
                                ArchitectureBreaches.ByName.class,
                                ArchitectureBreaches.ByTensor.class,
                                ArchitectureBreaches.ByReference.class)),
                new Case(
                        "nobody but its engine runs a product of oneDNN",
                        noClasses()
                                .that(resideOutsideOfPackage(ROOT + "backend.cpu.onednn")
                                        .and(DescribedPredicate.not(partOf("OneDnnEngine"))))
                                .should()
                                .dependOnClassesThat(resideInAPackage("org.bytedeco.dnnl..")
                                        .or(resideInAPackage(ROOT + "backend.cpu.onednn")
                                                .and(named("(Plain)?Product")))),
                        List.of(ArchitectureBreaches.NamesOneDnn.class, ArchitectureBreaches.RunsAProduct.class)));
    }

    private static DescribedPredicate<JavaClass> named(String pattern) {
        Pattern names = Pattern.compile(pattern);
        return DescribedPredicate.describe(
                "named " + pattern, type -> names.matcher(type.getSimpleName()).matches());
    }

    /** A class of backend.cpu with all that is nested in it. */
    static DescribedPredicate<JavaClass> partOf(String engine) {
        String name = ROOT + "backend.cpu." + engine;
        return DescribedPredicate.describe(
                engine, type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }

    static boolean callsAProduct(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        return target.getOwner().getPackageName().startsWith("org.nd4j")
                && PRODUCT_METHOD.matcher(target.getName()).matches();
    }

    private static boolean beginsAThread(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        boolean ofAThread = target.getOwner().isAssignableTo(Thread.class);
        boolean ofAStream = target.getOwner().getPackageName().startsWith("java.util");
        return (ofAThread && Set.of("<init>", "start").contains(target.getName()))
                || (ofAStream && Set.of("parallelStream", "parallel").contains(target.getName()));
    }

    private static boolean readsAClock(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        return target.getOwner().isEquivalentTo(System.class)
                && Set.of("nanoTime", "currentTimeMillis").contains(target.getName());
    }
}
