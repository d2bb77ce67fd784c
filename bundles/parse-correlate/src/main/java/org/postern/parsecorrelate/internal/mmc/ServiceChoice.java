package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;

/** Determines which Service Request a response answers, if several have its message code. */
final class ServiceChoice {

    private final List<Mapping.Service> candidates = new ArrayList<>();
    private final Mapping.@Nullable Service chosen;
    private final boolean certain;
    private final GbcsMessage message;

    ServiceChoice(Mapping.Use use, GbcsMessage message, Eui64 acb, Optional<String> hint) {
        this.message = message;
        Mapping.Service sure = first(use, s -> hint.isPresent() && s.variant().equals(hint.get()));
        if (sure == null) {
            sure = first(use, s -> !s.condition().isEmpty() && holds(s.condition(), message, acb));
        }
        if (sure != null) {
            candidates.add(sure);
        } else {
            use.services().forEach(s -> {
                if (s.condition().isEmpty()) {
                    candidates.add(s);
                }
            });
        }
        chosen = candidates.isEmpty() ? null : candidates.get(0);
        certain = candidates.size() <= 1;
    }

    private static Mapping.@Nullable Service first(Mapping.Use use, Predicate<Mapping.Service> is) {
        for (Mapping.Service service : use.services()) {
            if (is.test(service)) {
                return service;
            }
        }
        return null;
    }

    /** True if the condition of a service is a known one. */
    static boolean isCondition(String condition) {
        return condition.matches("acb|mac|items=\\d{1,3}");
    }

    private static boolean holds(String condition, GbcsMessage message, Eui64 acb) {
        return switch (condition) {
            case "acb" -> message.header().target().equals(acb);
            case "mac" -> message.macWrapped();
            default ->
                condition.startsWith("items=")
                        && message.payload() instanceof DlmsPayload.AccessResponse r
                        && r.items().size() == Integer.parseInt(condition.substring(6));
        };
    }

    /** Empty if the message fits none of them. */
    Optional<Mapping.Service> chosen() {
        return Optional.ofNullable(chosen);
    }

    /** All services, the chosen one first. */
    List<String> all() {
        return certain && chosen != null
                ? List.of(chosen.variant())
                : candidates.stream().map(Mapping.Service::variant).distinct().toList();
    }

    /** A remark if the chosen service is the first of several that fit. */
    String remark() {
        return certain || chosen == null
                ? ""
                : "message code " + message.header().messageCodeHex() + " answers " + String.join(", ", all())
                        + ": without its request " + chosen.variant() + " is taken";
    }
}
