package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.plugin.Route;
import dev.tidesync.engine.plugin.RouteStep;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.util.Locale;
import java.util.Optional;

/** How the transport of a kind is found, in the order in which prefixes are compared. */
record RouteExplanation(String kind, TransportRegistry registry) {
    int print(Terminal terminal, boolean asJson) {
        Optional<Route> route = registry.route(kind);
        if (!asJson) {
            terminal.print(
                    Terminal.visible(route.map(found -> "'" + kind + "' goes to transport '" + found.instance() + "'")
                            .orElseGet(() -> registry.noRouteReason(kind))));
        }
        for (RouteStep step : registry.explain(kind)) {
            if (asJson) {
                terminal.print(json(step));
            } else {
                terminal.print(line(step));
            }
        }
        return route.isPresent() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String line(RouteStep step) {
        String verdict = step.decisive() ? "decides" : step.matches() ? "shorter" : "differs";
        return String.format(Locale.ROOT, "  %-20s  %s  %s", step.prefix(), verdict, Terminal.visible(step.outcome()));
    }

    private static ObjectNode json(RouteStep step) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("prefix", step.prefix());
        json.put("matches", step.matches());
        json.put("decisive", step.decisive());
        json.put("outcome", step.outcome());
        return json;
    }
}
