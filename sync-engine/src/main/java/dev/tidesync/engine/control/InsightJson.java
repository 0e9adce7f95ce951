package dev.tidesync.engine.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.Operation;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.engine.insight.WaitReason.Cause;
import dev.tidesync.spi.Incident;
import dev.tidesync.spi.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The JSON form of what an engine tells of itself: names in snake_case, times in milliseconds. A word that a newer
 * version has added is read as the one that says least.
 *
 * <p>Safe for use by many threads.
 */
public final class InsightJson {
    private InsightJson() {}

    /** An explanation; the operation in it comes without its payload. */
    public static ObjectNode write(Explanation explanation) {
        Standing standing = explanation.standing();
        Operation operation = standing.operation();
        ObjectNode json = OperationJson.MAPPER.createObjectNode();
        json.put("id", operation.id());
        json.put("status", operation.status().name());
        explanation
                .reasons()
                .forEach(reason -> json.withArray("/reasons")
                        .addObject()
                        .put("cause", reason.cause().name())
                        .put("text", reason.text())
                        .put("until_ms", reason.untilMs()));
        json.put("state", standing.state().name());
        json.put("lane_head", standing.laneHeadId());
        json.put("ahead_in_lane", standing.aheadInLane());
        json.put("claim_owner", standing.claimOwner());
        json.put("lease_start_ms", standing.leaseStartMs());
        json.put("ambiguous", standing.ambiguous());
        json.putArray("incidents");
        standing.incidents()
                .forEach(incident -> json.withArray("/incidents")
                        .addObject()
                        .put("at_ms", incident.atMs())
                        .put("type", incident.type().name())
                        .put("code", incident.code())
                        .put("error", incident.error()));
        json.set("operation", OperationJson.write(withoutPayload(operation)));
        return json;
    }

    private static Operation withoutPayload(Operation operation) {
        return Operation.restore(operation.toBuilder().payload("").build())
                .status(operation.status())
                .attempt(operation.attempt())
                .updatedAtMs(operation.updatedAtMs())
                .lastError(operation.lastError())
                .build();
    }

    static Explanation readExplanation(JsonNode json) {
        Operation operation = OperationJson.read((ObjectNode) json.path("operation"));
        Standing standing = Standing.of(operation, word(Standing.State.READY, json.path("state")))
                .lane(
                        json.path("lane_head").asText(),
                        json.path("ahead_in_lane").asInt())
                .claim(
                        json.path("claim_owner").asText(),
                        json.path("lease_start_ms").asLong())
                .ambiguous(json.path("ambiguous").asBoolean())
                .incidents(readIncidents(json.path("incidents")))
                .build();
        List<WaitReason> reasons = new ArrayList<>();
        json.path("reasons")
                .forEach(reason -> reasons.add(new WaitReason(
                        word(Cause.UNKNOWN, reason.path("cause")),
                        reason.path("text").asText(),
                        reason.path("until_ms").asLong())));
        return new Explanation(standing, reasons);
    }

    private static List<Incident> readIncidents(JsonNode json) {
        List<Incident> incidents = new ArrayList<>();
        json.forEach(incident -> incidents.add(new Incident(
                incident.path("at_ms").asLong(),
                word(Incident.Type.EARLIER, incident.path("type")),
                incident.path("code").asText(),
                incident.path("error").asText())));
        return incidents;
    }

    /** An engine's status, with all its destinations. */
    public static ObjectNode write(EngineStatus status) {
        ObjectNode json = OperationJson.MAPPER.createObjectNode();
        json.put("running", status.running());
        json.put("online", status.online());
        json.put("in_flight", status.inFlight());
        json.putArray("destinations");
        status.destinations()
                .forEach(destination -> json.withArray("/destinations").add(write(destination)));
        return json;
    }

    /** A destination's status. */
    public static ObjectNode write(DestinationStatus destination) {
        return OperationJson.MAPPER
                .createObjectNode()
                .put("transport", destination.instance())
                .put("destination", destination.name())
                .put("breaker", destination.breaker().name())
                .put("paused_until_ms", destination.pausedUntilMs())
                .put("failures_in_a_row", destination.failuresInARow())
                .put("last_problem", destination.lastProblem())
                .put("in_flight", destination.inFlight())
                .put("window", destination.window());
    }

    static EngineStatus readStatus(JsonNode json) {
        List<DestinationStatus> destinations = new ArrayList<>();
        json.path("destinations").forEach(destination -> destinations.add(readDestination(destination)));
        return new EngineStatus(
                json.path("running").asBoolean(),
                json.path("online").asBoolean(),
                json.path("in_flight").asInt(),
                destinations);
    }

    private static DestinationStatus readDestination(JsonNode json) {
        return new DestinationStatus(
                json.path("transport").asText(),
                json.path("destination").asText(),
                word(Breaker.CLOSED, json.path("breaker")),
                json.path("paused_until_ms").asLong(),
                json.path("failures_in_a_row").asInt(),
                json.path("last_problem").asText(),
                json.path("in_flight").asInt(),
                json.path("window").asInt());
    }

    private static <E extends Enum<E>> E word(E ifUnknown, JsonNode json) {
        return Arrays.stream(ifUnknown.getDeclaringClass().getEnumConstants())
                .filter(constant -> constant.name().equals(json.asText()))
                .findFirst()
                .orElse(ifUnknown);
    }
}
