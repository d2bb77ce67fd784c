package org.postern.itests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Explains why a service is not registered: which component would offer it, what that one waits for, and so on down to
 * the root cause (a bundle that is not active, missing settings, a component that failed at its start).
 */
final class MissingServices {

    private static final String INDENT = "  ";
    private static final String IN_FORCE = "inforce.";
    private static final int FAILURE_LINES = 6;

    private final ServiceComponentRuntime runtime;
    private final BiPredicate<String, String> registered;
    private final Supplier<Map<String, Integer>> bundles;

    /**
     * For tests, without a framework.
     *
     * @param registered whether there is a service of that type with that filter, which is null for any
     * @param bundles states of all bundles but fragments, by symbolic name
     */
    MissingServices(
            ServiceComponentRuntime runtime,
            BiPredicate<String, String> registered,
            Supplier<Map<String, Integer>> bundles) {
        this.runtime = runtime;
        this.registered = registered;
        this.bundles = bundles;
    }

    /** For the container of that bundle. */
    static MissingServices in(BundleContext context, ServiceComponentRuntime runtime) {
        return new MissingServices(
                runtime,
                (type, filter) -> {
                    try {
                        return context.getAllServiceReferences(type, filter) != null;
                    } catch (InvalidSyntaxException e) {
                        throw new IllegalArgumentException(filter, e);
                    }
                },
                () -> {
                    Map<String, Integer> states = new TreeMap<>();
                    for (Bundle bundle : context.getBundles()) {
                        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                            states.put(bundle.getSymbolicName(), bundle.getState());
                        }
                    }
                    return states;
                });
    }

    /**
     * Why there is no such service, as lines of text.
     *
     * @param type full name of the service's interface
     * @param filter a filter on its properties; null for any
     */
    String why(String type, String filter) {
        List<String> lines = new ArrayList<>();
        explain(type, filter, "", lines, new LinkedHashSet<>());
        inactiveBundles(lines);
        return String.join("\n", lines);
    }

    /** Every component that waits or has failed, as lines of text; empty where there is none. */
    String all() {
        List<String> lines = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO one : runtime.getComponentConfigurationDTOs(component)) {
                if (waits(one)) {
                    configuration(component, one, "", lines, new LinkedHashSet<>());
                }
            }
        }
        inactiveBundles(lines);
        return String.join("\n", lines);
    }

    private static boolean waits(ComponentConfigurationDTO one) {
        return one.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                || one.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                || one.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION;
    }

    private void explain(String type, String filter, String indent, List<String> lines, Set<String> seen) {
        String wanted = type + (filter == null ? "" : " " + filter);
        if (registered.test(type, filter)) {
            lines.add(indent + wanted + " is there now");
            return;
        }
        if (!seen.add(wanted)) {
            lines.add(indent + wanted + ": see above");
            return;
        }
        if (filter != null && registered.test(type, null)) {
            lines.add(indent + type + " is there, but none with " + filter);
        }
        List<ComponentDescriptionDTO> offering = runtime.getComponentDescriptionDTOs().stream()
                .filter(component -> Arrays.asList(component.serviceInterfaces).contains(type))
                .toList();
        if (offering.isEmpty()) {
            lines.add(indent + wanted + ": no component of an active bundle offers it");
        }
        for (ComponentDescriptionDTO component : offering) {
            lines.add(indent + wanted + " is offered by " + name(component));
            component(component, indent + INDENT, lines, seen);
        }
    }

    private void component(ComponentDescriptionDTO component, String indent, List<String> lines, Set<String> seen) {
        if (!runtime.isComponentEnabled(component)) {
            lines.add(indent + "it is disabled");
            return;
        }
        Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
        if (configurations.isEmpty()) {
            settings(component, indent, lines);
        }
        configurations.forEach(one -> configuration(component, one, indent, lines, seen));
    }

    private void configuration(
            ComponentDescriptionDTO component,
            ComponentConfigurationDTO one,
            String indent,
            List<String> lines,
            Set<String> seen) {
        switch (one.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> settings(component, indent, lines);
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                lines.add(indent + name(component) + " failed at its start: "
                        + (one.failure == null
                                ? "no reason given"
                                : one.failure
                                        .lines()
                                        .limit(FAILURE_LINES)
                                        .reduce((before, next) -> before + " | " + next.strip())
                                        .orElse("")));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                for (UnsatisfiedReferenceDTO missing : one.unsatisfiedReferences) {
                    String type = type(component, missing.name);
                    lines.add(indent + name(component) + " waits for its reference " + missing.name + ": " + type
                            + (missing.target == null ? "" : " " + missing.target));
                    explain(type, missing.target, indent + INDENT, lines, seen);
                }
            }
            default -> lines.add(indent + name(component) + " is satisfied, and starts when it is used");
        }
    }

    private static void settings(ComponentDescriptionDTO component, String indent, List<String> lines) {
        for (String pid : component.configurationPid) {
            lines.add(indent + name(component) + " waits for settings of PID " + pid
                    + (pid.startsWith(IN_FORCE)
                            ? ": etc/" + pid.substring(IN_FORCE.length())
                                    + ".cfg is missing, or its settings were refused (see the log)"
                            : ""));
        }
    }

    private static String type(ComponentDescriptionDTO component, String reference) {
        for (ReferenceDTO one : component.references) {
            if (one.name.equals(reference)) {
                return one.interfaceName;
            }
        }
        return "unknown";
    }

    private static String name(ComponentDescriptionDTO component) {
        return component.name + " (bundle " + component.bundle.symbolicName + ")";
    }

    private void inactiveBundles(List<String> lines) {
        bundles.get().forEach((name, state) -> {
            if (state != Bundle.ACTIVE) {
                lines.add("bundle " + name + " is "
                        + switch (state) {
                            case Bundle.INSTALLED -> "not resolved: something that it imports is not there";
                            case Bundle.RESOLVED -> "resolved and not started";
                            case Bundle.STARTING -> "starting";
                            case Bundle.STOPPING -> "stopping";
                            default -> "in state " + state;
                        });
            }
        });
    }
}
