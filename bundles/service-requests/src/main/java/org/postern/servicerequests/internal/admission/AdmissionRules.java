package org.postern.servicerequests.internal.admission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.CancellationTime;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.duis.RequestRules;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;

/**
 * The rules that a Service Request must satisfy before it is numbered: it has the structure of its service
 * ({@link RequestRules}), its role is active and may send it, it is addressed to a device (or to the DCC), and its
 * execution time is permitted for the service. Refusals are PST-21xx and name the field in DUIS terms.
 */
final class AdmissionRules {

    /** Execution times up to this far in the past are accepted, because the clocks of two companies may differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private final RequestRules structure;
    private final UserRoles roles;
    private final Eui64 accessControlBroker;
    private final Clock clock;

    AdmissionRules(RequestRules structure, UserRoles roles, Eui64 accessControlBroker, Clock clock) {
        this.structure = structure;
        this.roles = roles;
        this.accessControlBroker = accessControlBroker;
        this.clock = clock;
    }

    /**
     * A request that has passed the rules.
     *
     * @param variant requested Command Variant: for a critical service 4 for delivery over the WAN, 6 for local
     *     delivery, 7 for both
     * @param executionTime the execution time, in a cancellation a time in the year 3000; empty for immediate execution
     */
    record Admissible(
            ServiceRow service, UserRoleProfile role, CommandVariant variant, Optional<Instant> executionTime) {

        /** The execution time of a future-dated request; empty for immediate execution and for a cancellation. */
        Optional<Instant> executesAt() {
            return executionTime.filter(time -> !time.equals(CancellationTime.INSTANT));
        }
    }

    /**
     * @param requested the Command Variant that was submitted; 6 and 7 are not variants of a request, but ask for local
     *     delivery
     */
    Admissible check(DuisRequest request, CommandVariant requested) {
        ServiceRow service = service(request);
        UserRoleProfile role = role(request, service);
        target(request, service, role);
        Optional<Instant> time = executionTime(request, service);
        if (time.isPresent() && requested != service.firstVariant()) {
            throw ServiceRequestFault.LOCAL_COMMAND_DATED.refusal(
                    "Body/" + service.bodyElement() + "/ExecutionDateTime",
                    "a command for local delivery is executed at once",
                    "an execution time",
                    "leave the time out, or have it delivered over the WAN");
        }
        return new Admissible(service, role, requested, time);
    }

    /**
     * The request as it is sent to Transform: a request for local delivery of a critical command is sent with variant
     * 4.
     */
    static DuisRequest transformable(DuisRequest submitted) {
        boolean local = (submitted.variant() == CommandVariant.CV6 || submitted.variant() == CommandVariant.CV7)
                && !DuisRequest.SIGNED_PRE_COMMAND.equals(submitted.body().name());
        return local ? submitted.withVariant(CommandVariant.CV4) : submitted;
    }

    private ServiceRow service(DuisRequest request) {
        if (DuisRequest.SIGNED_PRE_COMMAND.equals(request.body().name())
                || !RequestRules.maySubmit(request.variant())) {
            throw ServiceRequestFault.SIGNED_PRE_COMMAND_GIVEN.refusal(
                    "Header/CommandVariant",
                    "Postern makes the Signed Pre-Command itself from a correlated Pre-Command",
                    "a Signed Pre-Command was submitted",
                    "submit the Service Request itself");
        }
        return structure.check(request);
    }

    private UserRoleProfile role(DuisRequest request, ServiceRow service) {
        UserRoleProfile role = roles.byUserId(request.requestId().originator())
                .orElseThrow(() -> roles.absence()
                        .refusal(
                                "Header/RequestID",
                                "the originator is the User ID of a User Role that is active here",
                                "no active role has this User ID",
                                "install and configure the bundle of the role, or correct the User ID"));
        if (!service.roles().contains(role.role())) {
            throw ServiceRequestFault.SERVICE_NOT_FOR_ROLE.refusal(
                    "Header/RequestID",
                    "service " + service.variant() + " may be sent by " + names(service),
                    "role " + role.role() + " may not send this service",
                    "send it in a role that may");
        }
        if (!role.services().contains(service.variant())) {
            throw ServiceRequestFault.SERVICE_NOT_IN_ROLE_BUNDLE.refusal(
                    "Header/ServiceReferenceVariant",
                    "the role's bundle provides the service",
                    "the bundle of role " + role.role() + " does not provide service " + service.variant(),
                    "install a bundle of the role that provides it");
        }
        return role;
    }

    private static String names(ServiceRow service) {
        return service.roles().isEmpty()
                ? "nobody"
                : service.roles().stream()
                        .sorted()
                        .map(Enum::name)
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
    }

    private void target(DuisRequest request, ServiceRow service, UserRoleProfile role) {
        Eui64 target = request.requestId().target();
        if (service.nonDevice() && !target.equals(accessControlBroker)) {
            throw ServiceRequestFault.WRONG_TARGET.refusal(
                    "Header/RequestID",
                    "a non-device service is addressed to the Access Control Broker " + accessControlBroker,
                    "addressed to a device",
                    "put that id in the second part of the RequestID");
        }
        if (!service.nonDevice()
                && (target.equals(accessControlBroker) || target.equals(role.userId()) || target.value() == 0)) {
            throw ServiceRequestFault.WRONG_TARGET.refusal(
                    "Header/RequestID",
                    "service " + service.variant() + " is addressed to a device",
                    "the target is not a device",
                    "put the Device ID in the second part of the RequestID");
        }
    }

    private Optional<Instant> executionTime(DuisRequest request, ServiceRow service) {
        Optional<Instant> time = request.executionDateTime();
        String field = "Body/" + service.bodyElement() + "/ExecutionDateTime";
        if (time.isEmpty()) {
            if (!service.onDemand() && service.futureDating() != FutureDating.NONE) {
                throw ServiceRequestFault.EXECUTION_TIME.refusal(
                        field,
                        "service " + service.variant() + " is not on demand: it requires an execution time",
                        "no execution time",
                        "add one");
            }
            return Optional.empty();
        }
        if (request.cancels() || CancellationTime.isNever(time.get())) {
            if (!time.get().equals(CancellationTime.INSTANT)) {
                throw ServiceRequestFault.EXECUTION_TIME.refusal(
                        field,
                        "a cancellation is dated " + CancellationTime.TEXT,
                        "another time in the year 3000 or later",
                        "use exactly this time, or an earlier one");
            }
            return time;
        }
        if (time.get().isBefore(clock.instant().minus(CLOCK_TOLERANCE))) {
            throw ServiceRequestFault.EXECUTION_TIME.refusal(
                    field,
                    "an execution time is in the future",
                    "a time that has passed",
                    "leave the element out for execution at once");
        }
        return time;
    }
}
