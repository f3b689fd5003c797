package dev.flopscope;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.flopscope.config.BadDataException;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulListener;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.SiteCount;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.OneDnnMatmul;
import dev.flopscope.onednn.Product;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Which room may name which, and who may multiply. */
class ArchitectureTest {
    private static final String ROOT = "dev.flopscope.";

    /** Every room and the rooms it may name. */
    private static final Map<String, List<String>> MAY_NAME = new TreeMap<>(Map.ofEntries(
            Map.entry("config", List.of()),
            Map.entry("count", List.of()),
            Map.entry("machine", List.of()),
            Map.entry("text", List.of()),
            Map.entry("flops", List.of("config", "count")),
            Map.entry("tensor", List.of("machine")),
            Map.entry("kernel", List.of("tensor")),
            Map.entry("time", List.of("count")),
            Map.entry("onednn", List.of("tensor", "kernel")),
            Map.entry("flight", List.of("count", "time")),
            Map.entry("matmul", List.of("count", "tensor", "time", "onednn", "flight")),
            Map.entry("ceiling", List.of("machine", "count", "tensor", "matmul")),
            Map.entry("weights", List.of("config", "tensor")),
            Map.entry("forward", List.of("config", "weights", "matmul", "count", "time", "tensor", "kernel")),
            Map.entry("audit", List.of("flops", "count", "config")),
            Map.entry("profile", List.of("config", "count", "flops", "machine", "time", "audit")),
            Map.entry(
                    "run",
                    List.of(
                            "config", "count", "time", "flight", "flops", "matmul", "onednn", "weights", "forward",
                            "tensor", "kernel", "text", "audit", "machine", "ceiling", "profile", "sweep")),
            Map.entry("compare", List.of("config")),
            Map.entry("sweep", List.of("config", "machine")),
            Map.entry(
                    "report",
                    List.of(
                            "run", "compare", "sweep", "audit", "flops", "count", "time", "profile", "config",
                            "machine")),
            Map.entry(
                    "cli",
                    List.of(
                            "run", "report", "compare", "sweep", "profile", "time", "flight", "flops", "config",
                            "audit", "machine"))));

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flopscope");

    /** Names of ND4J's ways to a product, as methods and as classes of operations. */
    private static final Pattern PRODUCT_METHOD = Pattern.compile(
            "(?i).*(mmul|matmul|gemm|gemv|einsum|tensordot|xwplusb|linearlayer|relulayer|dotproductattention).*|dot|exec|execAndReturn");

    private static final Pattern PRODUCT_CLASS = Pattern.compile(
            "(?i).*(mmul|matmul|gemm|gemv|einsum|tensordot|xwplusb|linear|relulayer|attention|customop|blaswrapper|level[123]).*|Dot");

    static Stream<String> rooms() {
        return MAY_NAME.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomNamesOnlyTheRoomsItMay(String room) {
        String[] allowed = Stream.concat(Stream.of(room), MAY_NAME.getOrDefault(room, List.of()).stream())
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new);
        classes()
                .that(resideInAPackage(ROOT + room + ".."))
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage("dev.flopscope..").or(resideInAnyPackage(allowed)))
                .allowEmptyShould(true)
                .check(PROGRAM);
    }

    /** The other half: the audit takes closed forms and counts as they come, and of configs knows only how to refuse data. */
    @Test
    void theAuditNeverSeesAModelConfig() {
        noClasses()
                .that(resideInAPackage(ROOT + "audit.."))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "config..")
                        .and(DescribedPredicate.not(belongToAnyOf(BadDataException.class))))
                .check(PROGRAM);
    }

    @Test
    void everyClassIsInARoomThatHasARule() {
        Set<String> rooms = PROGRAM.stream()
                .map(type -> type.getPackageName().substring(ROOT.length()))
                .collect(Collectors.toSet());
        assertThat(MAY_NAME.keySet()).containsAll(rooms);
        assertThat(rooms).contains("config", "count", "time", "flops", "matmul", "onednn", "forward", "audit", "run");
    }

    /** One half of the honest check: the closed forms see names of products, never an observed extent. */
    @Test
    void closedFormsNeverSeeWhatWasCounted() {
        noClasses()
                .that(resideInAPackage(ROOT + "flops.."))
                .should()
                .dependOnClassesThat(
                        belongToAnyOf(MatmulShape.class, SiteCount.class, FlopTally.class, MatmulListener.class))
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("org.nd4j..", ROOT + "tensor..", ROOT + "matmul.."))
                .check(PROGRAM);
    }

    /** The other half: the interceptor sees operands, never a config or a closed form. */
    @Test
    void theInterceptorNeverSeesAConfig() {
        noClasses()
                .that(resideInAnyPackage(ROOT + "matmul..", ROOT + "count.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + "config..", ROOT + "flops..", ROOT + "weights.."))
                .check(PROGRAM);
    }

    /** A Java runtime without JDK Flight Recorder runs everything else. */
    @Test
    void onlyFlightNamesTheFlightRecorder() {
        noClasses()
                .that(resideOutsideOfPackage(ROOT + "flight.."))
                .should()
                .dependOnClassesThat(resideInAPackage("jdk.jfr.."))
                .check(PROGRAM);
    }

    @Test
    void onlyTensorAndMatmulNameNd4jsFactory() {
        noClasses()
                .that(resideOutsideOfPackage(ROOT + "tensor..").and(resideOutsideOfPackage(ROOT + "matmul..")))
                .should()
                .dependOnClassesThat(belongToAnyOf(Nd4j.class))
                .check(PROGRAM);
    }

    /** The forward pass and the ceilings' probes hand arrays from buffers to the port; the other rooms never see one. */
    @Test
    void onlyTensorAndMatmulKnowNd4jAndForwardAndCeilingItsArraysAlone() {
        noClasses()
                .that(resideOutsideOfPackage(ROOT + "tensor..")
                        .and(resideOutsideOfPackage(ROOT + "matmul.."))
                        .and(resideOutsideOfPackage(ROOT + "forward.."))
                        .and(resideOutsideOfPackage(ROOT + "ceiling..")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.nd4j.."))
                .check(PROGRAM);
        classes()
                .that(resideInAnyPackage(ROOT + "forward..", ROOT + "ceiling.."))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("org.nd4j..").or(belongToAnyOf(INDArray.class)))
                .check(PROGRAM);
    }

    @Test
    void nobodyButTheEngineMultiplies() {
        onlyTheEngineMultiplies().check(PROGRAM);
    }

    /** oneDNN's generated products are the other route. */
    @Test
    void nobodyButItsEngineRunsAProductOfOneDnn() {
        noClasses()
                .that(resideOutsideOfPackage(ROOT + "onednn..")
                        .and(DescribedPredicate.not(belongToAnyOf(OneDnnMatmul.class))))
                .should()
                .dependOnClassesThat(belongToAnyOf(Product.class).or(resideInAPackage("org.bytedeco.dnnl..")))
                .check(PROGRAM);
    }

    /** The rule must see the real engine, or it would see nobody. */
    @Test
    void theRuleOfProductsSeesEveryRoute() {
        for (Class<?> route : List.of(
                ByArray.class, ByGemm.class, ByFactory.class, ByOperation.class, ByName.class, ByTensor.class)) {
            JavaClasses planted = new ClassFileImporter().importClasses(route);
            assertThatThrownBy(() -> onlyTheEngineMultiplies().check(planted))
                    .as(route.getSimpleName())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(route.getSimpleName());
        }
    }

    private static ArchRule onlyTheEngineMultiplies() {
        return noClasses()
                .that()
                .doNotBelongToAnyOf(Nd4jMatmul.class)
                .should()
                .callCodeUnitWhere(callsAProduct())
                .orShould()
                .dependOnClassesThat(isAnOperationOfProducts());
    }

    private static DescribedPredicate<JavaCall<?>> callsAProduct() {
        return DescribedPredicate.describe("a product of ND4J", call -> {
            CodeUnitCallTarget target = call.getTarget();
            return target.getOwner().getPackageName().startsWith("org.nd4j")
                    && PRODUCT_METHOD.matcher(target.getName()).matches();
        });
    }

    private static DescribedPredicate<JavaClass> isAnOperationOfProducts() {
        return DescribedPredicate.describe(
                "are operations of ND4J with a product inside",
                type -> type.getPackageName().startsWith("org.nd4j")
                        && PRODUCT_CLASS.matcher(type.getSimpleName()).matches());
    }

    static final class ByArray {
        INDArray multiply(INDArray a) {
            return a.mmul(a).mmuli(a);
        }
    }

    static final class ByGemm {
        INDArray multiply(INDArray a) {
            return Nd4j.gemm(a, a, false, false);
        }
    }

    static final class ByFactory {
        INDArray multiply(INDArray a) {
            return Nd4j.matmul(a, a);
        }
    }

    static final class ByOperation {
        Object multiply(INDArray a) {
            return new org.nd4j.linalg.api.ops.impl.reduce.Mmul(a, a);
        }
    }

    static final class ByName {
        Object multiply(INDArray a) {
            return DynamicCustomOp.builder("matmul").addInputs(a, a).build();
        }
    }

    static final class ByTensor {
        INDArray multiply(INDArray a) {
            return Nd4j.tensorMmul(a, a, new int[][] {{1}, {0}});
        }
    }
}
