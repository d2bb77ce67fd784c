package org.postern.catalogue.settings;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * The settings of one PID, read from the metatype of a bundle (OSGi Compendium 105.7).
 *
 * @param pid PID of the settings, as in the name of the file in etc/
 * @param settings settings by key
 */
public record SettingsTable(String pid, Map<String, Setting> settings) {

    /** Folder of the metatype in a bundle. */
    public static final String FOLDER = "OSGI-INF/metatype";

    /**
     * Prefix of the PID under which a part receives its settings: the settings of the file, after they have been
     * checked.
     */
    public static final String IN_FORCE = "inforce.";

    public SettingsTable {
        settings = Map.copyOf(settings);
    }

    /** The setting that had this name in the previous release; empty where there is none. */
    public Optional<Setting> formerly(String name) {
        return settings.values().stream()
                .filter(setting -> !name.isEmpty() && setting.terms().formerly().equals(name))
                .findFirst();
    }

    /**
     * Reads one metatype document.
     *
     * @param document metatype of a Postern bundle, which the build generates; never external input
     * @throws IOException where it is not a metatype document
     */
    public static List<SettingsTable> read(InputStream document) throws IOException {
        Document read;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            read = factory.newDocumentBuilder().parse(document);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a metatype document", e);
        }
        Map<String, Map<String, Setting>> classes = new LinkedHashMap<>();
        for (Element type : elements(read.getDocumentElement(), "OCD")) {
            Map<String, Setting> settings = new LinkedHashMap<>();
            elements(type, "AD").forEach(each -> settings.put(each.getAttribute("id"), setting(each)));
            classes.put(type.getAttribute("id"), settings);
        }
        List<SettingsTable> tables = new ArrayList<>();
        for (Element designate : elements(read.getDocumentElement(), "Designate")) {
            for (Element object : elements(designate, "Object")) {
                String pid = designate.getAttribute("pid");
                Map<String, Setting> settings = classes.get(object.getAttribute("ocdref"));
                if (settings == null) {
                    throw new IOException("not a metatype document: the settings of " + pid + " are not in it");
                }
                tables.add(
                        new SettingsTable(pid.startsWith(IN_FORCE) ? pid.substring(IN_FORCE.length()) : pid, settings));
            }
        }
        return tables;
    }

    private static Setting setting(Element of) {
        String type = of.getAttribute("type");
        boolean integer = type.equals("Integer");
        return new Setting(
                of.getAttribute("id"),
                type,
                !of.getAttribute("cardinality").matches("0?"),
                !of.getAttribute("required").equals("false"),
                // commas and backslashes in a value are preceded by a backslash (105.8.1)
                of.hasAttribute("default")
                        ? Optional.of(of.getAttribute("default").replaceAll("\\\\(.)", "$1"))
                        : Optional.empty(),
                of.hasAttribute("min")
                        ? Long.parseLong(of.getAttribute("min"))
                        : integer ? Integer.MIN_VALUE : Long.MIN_VALUE,
                of.hasAttribute("max")
                        ? Long.parseLong(of.getAttribute("max"))
                        : integer ? Integer.MAX_VALUE : Long.MAX_VALUE,
                elements(of, "Option").stream()
                        .map(each -> each.getAttribute("value"))
                        .toList(),
                of.hasAttributeNS(Form.NAMESPACE, "form")
                        ? new Setting.Terms(
                                SettingForm.valueOf(of.getAttributeNS(Form.NAMESPACE, "form")),
                                of.getAttributeNS(Form.NAMESPACE, "host"),
                                of.getAttributeNS(Form.NAMESPACE, "secure"),
                                of.getAttributeNS(Form.NAMESPACE, "with"),
                                of.getAttributeNS(Form.NAMESPACE, "fixed").equals("true"),
                                of.getAttributeNS(Form.NAMESPACE, "formerly"))
                        : Setting.Terms.of(SettingForm.TEXT),
                of.getAttribute("name")
                        + (of.hasAttribute("description") ? ". " + of.getAttribute("description") : ""));
    }

    private static List<Element> elements(Element in, String name) {
        List<Element> found = new ArrayList<>();
        for (var node = in.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && name.equals(element.getLocalName())) {
                found.add(element);
            }
        }
        return found;
    }
}
