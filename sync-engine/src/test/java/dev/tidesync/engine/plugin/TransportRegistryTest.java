package dev.tidesync.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.PluginReport.State;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TransportRegistryTest {
    private final TestProvider http = TestProvider.serving("http", "http.");
    private final TestProvider ws = TestProvider.serving("ws", "ws.");

    @Test
    void aPluginServesThePrefixesItDeclares() throws Exception {
        TransportRegistry registry =
                TransportRegistry.builder().provider(http).provider(ws).build();

        assertThat(registry.prefixes()).containsExactly("http.", "ws.");
        assertThat(instanceFor(registry, "http.post")).isEqualTo("http");
        assertThat(registry.route("http.post")
                        .orElseThrow()
                        .transport()
                        .send(Operation.of("http.post", "/", ""))
                        .ok())
                .isTrue();
    }

    @Test
    void aRunningPluginIsReportedWithAllThatIsKnownOfIt() {
        TransportRegistry registry = TransportRegistry.builder().provider(http).build();

        PluginReport report = reportOn(registry, "http");
        assertThat(report.state()).isEqualTo(State.READY);
        assertThat(report.version()).isEqualTo("1.2.3");
        assertThat(report.spiLevel()).isEqualTo(SyncSpi.LEVEL);
        assertThat(report.prefixes()).containsExactly("http.");
        assertThat(report.location()).isEqualTo("handed in by the application");
        assertThat(report.problem()).isEmpty();
    }

    @Test
    void twoPluginsWithOnePrefixStopTheStartAndAreBothNamedWithTheCures() {
        TransportRegistry.Builder builder = TransportRegistry.builder()
                .provider(TestProvider.serving("mail", "mail."))
                .provider(TestProvider.serving("smtp", "mail."));

        String origin = TestProvider.class.getName() + " (handed in by the application)";
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("two transports serve 'mail.': " + origin + " and " + origin
                        + "; remove one, or set routes.mail.=mail or routes.mail.=smtp");
    }

    @Test
    void aPrefixOfTheBundleIsKeptForItsOwnPlugin() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .provider(TestProvider.serving("okhttp", "http."))
                .provider(TestProvider.serving("spy", "http.post."))
                .build();

        assertThat(instanceFor(registry, "http.post")).isEqualTo("http");
        assertThat(instanceFor(registry, "http.post.now")).isEqualTo("http");
        assertThat(reportOn(registry, "spy").state()).isEqualTo(State.NOT_CONFIGURED);
        assertThat(reportOn(registry, "spy").problem())
                .isEqualTo("declares http.post., which is kept for the plugin 'http'");
        assertThat(reportOn(registry, "spy").hint()).isEqualTo("set routes.http.post.=spy if it shall serve that");
    }

    @Test
    void theWayToARouteIsExplainedPrefixByPrefix() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .provider(ws)
                .instance("crm", Map.of("plugin", "http"))
                .instance("erp", Map.of("plugin", "http", "kinds", "erp."))
                .route("http.crm.", "crm")
                .route("http.crm.old.", "gone")
                .build();

        assertThat(registry.explain("http.crm.post"))
                .containsExactly(
                        new RouteStep("http.crm.old.", false, false, "transport 'gone' was not found"),
                        new RouteStep("http.crm.", true, true, "transport 'crm', by routes.http.crm.=crm"),
                        new RouteStep("http.", true, false, "transport 'http', as the plugin 'http' declares"),
                        new RouteStep("erp.", false, false, "transport 'erp', by transports.erp.kinds"),
                        new RouteStep("ws.", false, false, "transport 'ws', as the plugin 'ws' declares"));
    }

    @Test
    void aConfiguredRouteSettlesAnAmbiguousPrefix() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .provider(TestProvider.serving("okhttp", "http."))
                .route("http.", "okhttp")
                .build();

        assertThat(instanceFor(registry, "http.post")).isEqualTo("okhttp");
        assertThat(reportOn(registry, "http").state()).isEqualTo(State.NOT_CONFIGURED);
    }

    @Test
    void twoPluginsWithOneIdStopTheStart() {
        TransportRegistry.Builder builder =
                TransportRegistry.builder().provider(http).provider(TestProvider.serving("http", "https."));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("two plugins have the id 'http': ")
                .hasMessageEndingWith("; remove one");
    }

    @Test
    void aPluginWithoutPrefixesServesNothingUntilItIsTold() {
        TransportDescriptor standIn =
                TransportDescriptor.builder("fake", SyncSpi.LEVEL).build();
        TestProvider fake = new TestProvider(standIn, context -> operation -> SendResult.delivered());

        TransportRegistry untold =
                TransportRegistry.builder().provider(http).provider(fake).build();
        assertThat(instanceFor(untold, "http.post")).isEqualTo("http");
        assertThat(reportOn(untold, "fake").state()).isEqualTo(State.NOT_CONFIGURED);
        assertThat(reportOn(untold, "fake").hint()).isEqualTo("set transports.fake.kinds or routes.<prefix>=fake");
        assertThat(fake.created).isEmpty();

        TransportRegistry told = TransportRegistry.builder()
                .provider(http)
                .provider(fake)
                .instance("fake", Map.of("kinds", "http., p2p."))
                .build();
        assertThat(instanceFor(told, "http.post")).isEqualTo("fake");
        assertThat(instanceFor(told, "p2p.message")).isEqualTo("fake");
        assertThat(reportOn(told, "http").state()).isEqualTo(State.NOT_CONFIGURED);
    }

    @Test
    void onePluginRunsAsSeveralInstancesWithSettingsOfTheirOwn() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .instance("http", Map.of("base-url", "https://a.example"))
                .instance(
                        "billing", Map.of("plugin", "http", "kinds", "http.billing.", "base-url", "https://b.example"))
                .build();

        assertThat(instanceFor(registry, "http.post")).isEqualTo("http");
        assertThat(instanceFor(registry, "http.billing.post")).isEqualTo("billing");
        assertThat(http.created).extracting(TransportContext::instanceName).containsExactly("billing", "http");
        assertThat(http.created)
                .extracting(context -> context.settings().text("base-url").orElseThrow())
                .containsExactly("https://b.example", "https://a.example");
        assertThat(registry.reports()).extracting(PluginReport::instance).containsExactly("billing", "http");
    }

    @Test
    void aPluginOfAnotherSpiLevelIsRejectedWithWhatToUpgrade() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(ofLevel("newer", SyncSpi.LEVEL + 1))
                .provider(ofLevel("older", SyncSpi.MIN_SUPPORTED - 1))
                .provider(http)
                .build();

        assertThat(reportOn(registry, "newer").state()).isEqualTo(State.REJECTED);
        assertThat(reportOn(registry, "newer").problem())
                .isEqualTo("is built for SPI level 2, but this engine serves levels 1 to 1");
        assertThat(reportOn(registry, "newer").hint()).startsWith("upgrade Tidesync");
        assertThat(reportOn(registry, "older").hint()).isEqualTo("install a newer version of the plugin");
        assertThat(registry.prefixes()).containsExactly("http.");
    }

    @Test
    void wrongSettingsAreAllReportedByTheirFullKeysAndCostOnlyThatPlugin() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .provider(ws)
                .instance("http", Map.of("base-ulr", "https://a.example", "call-timeout", "soon"))
                .build();

        assertThat(registry.settingProblems())
                .extracting(ConfigProblem::toString)
                .containsExactlyInAnyOrder(
                        "transports.http.base-ulr: is not a known key; did you mean 'base-url'?",
                        "transports.http.call-timeout: expected a duration such as 500ms, 30s, 5m, 2h or 7d"
                                + " but was 'soon'");
        assertThat(reportOn(registry, "http").state()).isEqualTo(State.REJECTED);
        assertThat(registry.prefixes()).containsExactly("ws.");
    }

    @Test
    void operationsOfAPluginThatDoesNotRunAreNotTakenByAShorterPrefix() {
        TestProvider special = new TestProvider(
                TestProvider.described("special", "mail.special.").build(), context -> {
                    throw new IllegalStateException("no licence");
                });
        TransportRegistry registry = TransportRegistry.builder()
                .provider(TestProvider.serving("mail", "mail."))
                .provider(special)
                .build();

        assertThat(registry.route("mail.special.x")).isEmpty();
        assertThat(registry.noRouteReason("mail.special.x"))
                .isEqualTo("no transport serves kind 'mail.special.x': transport 'special' threw"
                        + " java.lang.IllegalStateException: no licence; report it to the plugin's author");
        assertThat(instanceFor(registry, "mail.post")).isEqualTo("mail");
        assertThat(reportOn(registry, "special").state()).isEqualTo(State.FAILED);
    }

    @Test
    void aPluginThatLacksARequiredSettingWaitsForIt() {
        TestProvider mail = new TestProvider(
                TransportDescriptor.builder("mail", SyncSpi.LEVEL)
                        .kindPrefix("mail.")
                        .configSpec(ConfigSpec.builder()
                                .key(ConfigKey.of("relay", ConfigType.TEXT, "The host that takes mail.")
                                        .asRequired())
                                .build())
                        .build(),
                context -> operation -> SendResult.delivered());

        TransportRegistry registry = TransportRegistry.builder().provider(mail).build();

        assertThat(reportOn(registry, "mail").state()).isEqualTo(State.NOT_CONFIGURED);
        assertThat(reportOn(registry, "mail").problem()).contains("transports.mail.relay: is required");
        assertThat(registry.settingProblems()).isEmpty();
        assertThat(registry.noRouteReason("mail.send")).contains("transports.mail.relay");
    }

    @Test
    void contradictionsThatOnlyThePluginSeesAreReportedByTheirFullKeys() {
        TestProvider picky =
                new TestProvider(TestProvider.described("picky", "p.").build(), context -> {
                    throw new TransportConfigException(List.of(new ConfigProblem("base-url", "must be https")));
                });

        TransportRegistry registry = TransportRegistry.builder().provider(picky).build();

        assertThat(registry.settingProblems())
                .extracting(ConfigProblem::toString)
                .containsExactly("transports.picky.base-url: must be https");
        assertThat(reportOn(registry, "picky").state()).isEqualTo(State.REJECTED);
    }

    @Test
    void aPluginThatConfigurationNamesAndThatIsNotThereIsReported() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .instance("mqtt", Map.of("broker", "tcp://localhost", "kinds", "mqtt."))
                .build();

        assertThat(registry.settingProblems()).isEmpty();
        assertThat(reportOn(registry, "mqtt").state()).isEqualTo(State.FAILED);
        assertThat(reportOn(registry, "mqtt").problem())
                .isEqualTo("was not found, but transports.mqtt names it; found: http");
        assertThat(registry.noRouteReason("mqtt.publish")).contains("plugin 'mqtt' was not found");
    }

    @Test
    void aSlipInANameIsAProblemOfTheConfiguration() {
        TransportRegistry registry = TransportRegistry.builder()
                .provider(http)
                .route("http.a.", "htp")
                .route("HTTP", "http")
                .build();

        assertThat(registry.settingProblems())
                .extracting(ConfigProblem::toString)
                .containsExactlyInAnyOrder(
                        "routes.http.a.: no transport 'htp' was found; did you mean 'http'?",
                        "routes.HTTP: kind prefix must be lower-case segments that each end in '.', as 'http.',"
                                + " was: 'HTTP'");
    }

    @Test
    void theContextNamesInstanceClockAndDataDirectory() {
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        TransportRegistry.builder()
                .provider(http)
                .dataDirectory(Path.of("data"))
                .clock(clock)
                .build()
                .close();

        TransportContext context = http.created.get(0);
        assertThat(context.instanceName()).isEqualTo("http");
        assertThat(context.clock()).isSameAs(clock);
        assertThat(context.dataDirectory()).isEqualTo(Path.of("data", "transports", "http"));
        assertThat(context.engineVersion()).isNotEmpty();
    }

    @Test
    void countersOfAPluginCanBeReadByInstance() {
        TransportRegistry registry = TransportRegistry.builder().provider(http).build();

        http.created.get(0).metrics().add("connections-opened", 2);
        http.created.get(0).metrics().add("connections-opened", 1);

        assertThat(registry.metrics()).isEqualTo(Map.of("http", Map.of("connections-opened", 3L)));
    }

    @Test
    void closesAllWhateverOneOfThemThrows() {
        List<String> closed = new CopyOnWriteArrayList<>();
        TransportRegistry registry = TransportRegistry.builder()
                .provider(closing("a", closed, () -> {}))
                .provider(closing("b", closed, () -> {
                    throw new IllegalStateException("stuck");
                }))
                .provider(closing("c", closed, () -> {
                    throw new NoClassDefFoundError("Gone");
                }))
                .build();

        registry.close();

        assertThat(closed).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void closingTwiceClosesTheTransportsOnce() {
        List<String> closed = new CopyOnWriteArrayList<>();
        TransportRegistry registry = TransportRegistry.builder()
                .provider(closing("a", closed, () -> {}))
                .build();

        registry.close();
        registry.close();

        assertThat(closed).containsExactly("a");
    }

    @Test
    void theContextLoaderIsThePluginsDuringEveryCall() throws Exception {
        List<ClassLoader> seen = new ArrayList<>();
        TestProvider provider =
                new TestProvider(TestProvider.described("t", "t.").build(), context -> {
                    seen.add(Thread.currentThread().getContextClassLoader());
                    return operation -> {
                        seen.add(Thread.currentThread().getContextClassLoader());
                        return SendResult.delivered();
                    };
                });
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(null);
        try (TransportRegistry registry =
                TransportRegistry.builder().provider(provider).build()) {
            registry.route("t.x").orElseThrow().transport().send(Operation.of("t.x", "/", ""));
            assertThat(Thread.currentThread().getContextClassLoader()).isNull();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }

        assertThat(seen).hasSize(2).containsOnly(TestProvider.class.getClassLoader());
    }

    @Test
    void aClassThatTurnsOutToBeMissingIsThePluginsFailureNotTheOperations() throws Exception {
        TestProvider incomplete =
                new TestProvider(TestProvider.described("inc", "inc.").build(), context -> operation -> {
                    throw new NoClassDefFoundError("com/example/Codec");
                });
        TransportRegistry registry =
                TransportRegistry.builder().provider(incomplete).build();

        SendResult result = registry.route("inc.x").orElseThrow().transport().send(Operation.of("inc.x", "/", ""));

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(SendResult.Scope.TARGET);
        assertThat(result.code()).isEqualTo("plugin.broken");
        assertThat(result.error())
                .isEqualTo("transport 'inc' needs a class that is not there: com.example.Codec;"
                        + " put the JAR that holds it beside the plugin, in the plugin's own folder");
        assertThat(reportOn(registry, "inc").state()).isEqualTo(State.FAILED);
        assertThat(reportOn(registry, "inc").problem()).isEqualTo("needs a class that is not there: com.example.Codec");
    }

    private static TestProvider ofLevel(String id, int level) {
        return new TestProvider(
                TransportDescriptor.builder(id, level).kindPrefix(id + ".").build(),
                context -> operation -> SendResult.delivered());
    }

    private static TestProvider closing(String id, List<String> closed, Runnable onClose) {
        return new TestProvider(TestProvider.described(id, id + ".").build(), context -> new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                return SendResult.delivered();
            }

            @Override
            public void close() {
                closed.add(id);
                onClose.run();
            }
        });
    }

    private static String instanceFor(TransportRegistry registry, String kind) {
        return registry.route(kind).orElseThrow().instance();
    }

    private static PluginReport reportOn(TransportRegistry registry, String id) {
        return registry.reports().stream()
                .filter(report -> report.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
