package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;

/** Which Service Request a response answers, where its message code leaves several. */
final class ServiceChoice {

    private final List<Mapping.Service> candidates = new ArrayList<>();
    private final Mapping.Service chosen;
    private final boolean certain;
    private final String codeHex;

    ServiceChoice(Mapping.Use use, GbcsMessage message, Eui64 acb, Optional<String> hint) {
        codeHex = message.header().messageCodeHex();
        Optional<Mapping.Service> known = hint.flatMap(h -> use.services().stream().filter(s -> s.variant().equals(h)).findFirst());
        if (known.isPresent()) {
            candidates.add(known.get());
        } else {
            use.services().stream().filter(s -> !s.condition().isEmpty() && holds(s.condition(), message, acb)).findFirst()
                    .ifPresentOrElse(candidates::add,
                            () -> use.services().stream().filter(s -> s.condition().isEmpty()).forEach(candidates::add));
        }
        chosen = candidates.isEmpty() ? null : candidates.get(0);
        certain = candidates.size() <= 1;
    }

    private static boolean holds(String condition, GbcsMessage message, Eui64 acb) {
        return switch (condition) {
            case "acb" -> message.header().target().equals(acb);
            case "mac" -> message.macWrapped();
            default -> condition.startsWith("items=") && message.payload() instanceof DlmsPayload.AccessResponse r
                    && r.items().size() == Integer.parseInt(condition.substring(6));
        };
    }

    /** Empty where the message looks like none of them. */
    Optional<Mapping.Service> chosen() {
        return Optional.ofNullable(chosen);
    }

    /** The chosen one first. */
    List<String> all() {
        return candidates.stream().map(Mapping.Service::variant).distinct().toList();
    }

    /** Says so where the choice is the first of several that fit. */
    String remark() {
        return certain ? "" : "message code " + codeHex + " answers " + String.join(", ", all())
                + ": without its request " + chosen.variant() + " is taken";
    }
}
