/**
 * DUIS documents: RequestID, requests, responses, reading and writing, XML signatures, the official schema.
 *
 * <p>Plain Java; this package holds no key and opens no socket. Every refusal is a
 * {@link org.postern.duis.DuisException} with a fault code from PST-1010 to PST-1099 that names the element.
 */
@Export
@Version("0.1.0")
package org.postern.duis;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
