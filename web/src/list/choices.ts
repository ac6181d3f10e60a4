// The words that forms of the pages offer, a list a field of a kind of facts. They stand
// here and nowhere else: test/e2e/web.sh holds each to the kinds as the service declares
// them, so that a word that a kind takes can be chosen, and no other.
const choices = {
  'case.treated severity': ['none', 'mild', 'moderate', 'severe', 'critical'],
  'contact.attempted how': ['phone', 'visit', 'message', 'letter', 'other'],
  'contact.attempted result': ['no_answer', 'wrong_number', 'refused', 'not_there', 'other'],
  'contact.confirmed level': ['close', 'secondary', 'general'],
  'contact.dismissed reason': ['no_contact', 'outside_window', 'wrong_person', 'other_region', 'no_case'],
  'contact.placed where': ['site', 'hospital', 'home', 'other_region'],
  'contact.reached how': ['phone', 'visit', 'message', 'letter', 'other'],
  'contact.tested result': ['negative', 'positive', 'grey', 'invalid'],
  'letter.sent about': ['check', 'control', 'other'],
  'self.reported about': ['visit', 'arrival', 'contact', 'symptom'],
  'task.returned reason': ['not_ours', 'wrong_place', 'not_possible', 'needs_other', 'needs_decision', 'other'],
  'tube.resulted result': ['negative', 'positive', 'grey', 'invalid'],
  'user.added role': ['commander', 'lead', 'investigator', 'grid_worker', 'guard', 'sampler', 'lab', 'medic', 'regulator', 'auditor', 'operator', 'resident'],
  'visit.stated told_by': ['self', 'parent', 'guardian', 'spouse', 'relative', 'carer', 'colleague', 'other', 'document', 'camera', 'payment'],
};

export const choicesOf = (field: keyof typeof choices): string[] => choices[field];
