/* screens: where an admin gives what is missing, in the words of the services'
 * own screens. */
#ifndef CHECK_SCREENS_H
#define CHECK_SCREENS_H

/* Behind "tick SCOPE: ". */
#define SCREEN_SCOPES                                                          \
    "HubSpot: Development > Keys > Service keys > the key > Add new scope; "   \
    "of "                                                                      \
    "a private app its tab Scopes; an OAuth app has to be installed anew "     \
    "with "                                                                    \
    "it"

#define SCREEN_SET "Setup > Permission Sets > one that crmpipe's user has"
/* Behind it "tick "EditTask"". */
#define SCREEN_SYSTEM SCREEN_SET " > System Permissions > Edit"
/* With the object's plural: "Tasks". */
#define SCREEN_OBJECT SCREEN_SET " > Object Settings > %s > Edit"
#define SCREEN_FIELDS SCREEN_OBJECT " > Field Permissions"

#endif
